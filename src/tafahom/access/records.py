"""What accounts and their roles are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.access.accounts.queries import account_names
from tafahom.access.models import Membership
from tafahom.audit.acts import describe_acts
from tafahom.audit.tracked import keep_history
from tafahom.records import RecordKind, register
from tafahom.records.labels import label_fields

ACTS: Final = {
    "access.closed": _("closed an account"),
    "access.credentials_noted": _("noted password and second step of an account at an update"),
    "access.factor_added": _("set up the second step of logging in"),
    "access.factor_codes_made": _("made new recovery codes"),
    "access.factor_removed": _("removed the second step of logging in"),
    "access.factor_reset": _("took the second step of an account away"),
    "access.identity_linked": _("came by the organisation's log-in for the first time"),
    "access.invitation_revoked": _("revoked an invitation"),
    "access.invitation_used": _("set a password by an invitation"),
    "access.invited": _("invited somebody to an account"),
    "access.locked_out": _("too many attempts: an account or address waits"),
    "access.opened": _("opened a closed account again"),
    "access.password_changed": _("changed the password of an account"),
    "access.recovery_code_used": _("came in with a recovery code"),
    "access.request_confirmed": _("confirmed what was asked for with an account"),
    "access.request_lapsed": _("nobody confirmed in time what was asked for with an account"),
    "access.request_made": _("asked for something with an account that a second person confirms"),
    "access.request_refused": _("refused what was asked for with an account"),
    "access.request_withdrawn": _("took back a request about an account"),
    "access.role_given": _("gave an account a role"),
    "access.role_reviewed": _("confirmed again that a role is needed"),
    "access.role_taken": _("took a role from an account"),
    "access.sign_in_failed": _("an attempt to come in failed"),
    "access.signed_in": _("came in"),
    "access.signed_out": _("went out"),
    "access.unlocked": _("let an account try again"),
    "access.user_created": _("opened an account"),
    "access.visits_ended": _("ended the visits of an account"),
}


def register_records() -> None:
    """Make accounts known."""
    register(RecordKind(name="user", names=_users))
    # A role that was given past the application is one that no act explains.
    keep_history(Membership, owner="user", creations=True, label=_("Role of an account"))
    describe_acts(ACTS, of_accounts=True)
    label_fields(
        user=_("Account"),
        role=_("Role of an account"),
        course_uid=_("Course"),
        agreement_uid=_("Agreement"),
        valid_from=_("From day"),
        valid_to=_("To day"),
        given_by=_("Given by"),
        confirmed_by=_("Confirmed by"),
        confirmed_at=_("Confirmed on"),
        reviewed_by=_("Confirmed again by"),
        at_machine=_("On the server"),
    )


def _users(keys: set[str]) -> dict[str, str]:
    found = account_names([int(key) for key in keys if key.isdecimal()])
    return {str(pk): name for pk, name in found.items()}

"""What the record of acts says, in sentences: every act that the product records has one."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Read after the name of who did it: "Sara Karimi — moved the agreement on in its life".
ACTS: Final[dict[str, Promise]] = {
    "access.user_created": _("opened an account"),
    "access.role_given": _("gave an account a role"),
    "access.role_taken": _("took a role from an account"),
    "access.signed_in": _("came in"),
    "access.signed_out": _("went out"),
    "access.sign_in_failed": _("an attempt to come in failed"),
    "access.locked_out": _("too many attempts: an account or address waits"),
    "access.password_changed": _("changed the password of an account"),
    "access.factor_added": _("set up the second step of logging in"),
    "access.factor_removed": _("removed the second step of logging in"),
    "access.factor_codes_made": _("made new recovery codes"),
    "access.factor_reset": _("took the second step of an account away"),
    "access.recovery_code_used": _("came in with a recovery code"),
    "agreements.fulfilled": _("recorded that an obligation was met"),
    "agreements.moved": _("moved the agreement on in its life"),
    "agreements.obliged": _("wrote down an obligation"),
    "agreements.signed": _("recorded a signature"),
    "agreements.file_attached": _("attached a file to the agreement"),
    "agreements.file_removed": _("removed a file from the agreement"),
    "agreements.template_made": _("made a template of texts"),
    "agreements.template_changed": _("changed a template of texts"),
    "agreements.promised": _("wrote down a promise"),
    "agreements.amended": _("amended the promises"),
    "agreements.cost_shared": _("wrote down an instalment"),
    "agreements.paid": _("recorded a payment"),
    "agreements.appointed": _("put somebody on the joint committee"),
    "agreements.meeting_called": _("wrote down a meeting of the joint committee"),
    "agreements.minuted": _("wrote the minutes of a meeting"),
    "agreements.decided": _("wrote down a decision of the joint committee"),
    "agreements.carried_out": _("recorded that a decision was carried out"),
    "agreements.renewal_drafted": _("drafted the renewal of the agreement"),
    "agreements.text_": _("worked on the text of an agreement"),
    "agreements.clause_": _("changed a clause of the text"),
    "agreements.": _("worked on an agreement"),
    "audit.": _("worked on the record of acts"),
    "backup.begun": _("made a backup"),
    "credentials.certificates_recorded": _("recorded certificates"),
    "credentials.certificate_revoked": _("revoked a certificate"),
    "desk.digest_chosen": _("chose how often the work list comes by e-mail"),
    "desk.digest_sent": _("was sent the work list by e-mail"),
    "desk.digest_failed": _("could not be sent the work list by e-mail"),
    "desk.calendar_made": _("made a calendar address"),
    "desk.calendar_revoked": _("closed a calendar address"),
    "exchange.column_mapped": _("told how a column of rosters is called"),
    "exchange.demo_started": _("filled the demonstration"),
    "exchange.rejects_read": _("opened the rejected rows of a roster"),
    "exchange.upload_cancelled": _("cancelled an uploaded roster"),
    "keys.new": _("made a new key for identities"),
    "keys.rotated": _("sealed all identities with the newest key"),
    "keys.retired": _("removed an old key"),
    "parties.reference_loaded": _("added provinces, audiences and other lists"),
    "people.looked_up": _("looked for a person by number"),
    "people.seen": _("opened the page of a person"),
    "periods.begun": _("began to close a month"),
    "periods.left": _("left a month open"),
    "periods.closed": _("closed a month"),
    "periods.asked": _("asked to reopen a closed month"),
    "periods.approved": _("approved that a closed month is reopened"),
    "periods.declined": _("declined to reopen a closed month"),
    "periods.closed_again": _("closed a reopened month again"),
    "periods.": _("worked on a closed month"),
    "privacy.person_erased": _("forgot a person"),
    "privacy.retention_changed": _("changed how long names are kept"),
    "privacy.export_": _("worked on a file of personal data"),
    "privacy.": _("worked on personal data"),
    "read.audience": _("saw why somebody is in a course"),
    "read.person.shown": _("saw who a person is"),
    "read.privacy.export": _("took personal data as a file"),
    "read.": _("read sensitive data"),
    "registry.partners_loaded": _("loaded the registry of partners"),
    "registry.agreements_loaded": _("loaded the registry of agreements"),
    "registry.centres_loaded": _("loaded the registry of centres"),
    "registry.standards_loaded": _("loaded the registry of standards"),
    "training.attendance_saved": _("changed a register of attendance"),
    "training.reference_loaded": _("added clusters and pass rules"),
    "training.roster_recorded": _("recorded a roster"),
    "training.roster_undone": _("took a roster back"),
    "training.session_removed": _("removed a session"),
    "training.sessions_added": _("added sessions"),
}
ACCOUNTS = ("access.", "keys.", "backup.")


def sentence(action: str) -> str:
    """Return an act in words; of a kind of acts when the very act has none of its own."""
    if action in ACTS:
        return str(ACTS[action])
    kinds = [kind for kind in ACTS if kind.endswith((".", "_")) and action.startswith(kind)]
    return str(ACTS[max(kinds, key=len)]) if kinds else action

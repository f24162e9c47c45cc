"""Whether what the database says is what the record of acts says."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tafahom.access.accounts import credentials
from tafahom.access.accounts.credentials import unexplained_credentials, without_marks
from tafahom.access.models import RoleName
from tafahom.access.reconciling import unexplained_accounts, unexplained_roles
from tafahom.credentials.queries import month_figures
from tafahom.jalali import month_code
from tafahom.operations.findings import Severity, SeverityLines, told_of
from tafahom.periods.models import Period
from tafahom.periods.reconciling import RecordedActs
from tafahom.privacy.reconciling import lost_identities, unexplained_erasures


def _roles() -> SeverityLines:
    said = [
        _(
            "“%(user)s” holds the role “%(role)s” that no entry of the audit gives: take it away on"
            " the page of accounts, and look who gave it."
        )
        % {"user": one.user.username, "role": RoleName(one.role).label}
        for one in unexplained_roles()
    ]
    said += [
        _(
            "No entry of the audit opens the account “%(user)s”: close it on the page of accounts,"
            " and look who opened it."
        )
        % {"user": user.username}
        for user in unexplained_accounts()
    ]
    yield from told_of(said, _("Accounts and roles are those that were given."))


def _credentials() -> SeverityLines:
    said = [_(CHANGED[one.what]) % {"user": one.user.username} for one in unexplained_credentials()]
    yield from told_of(said, _("Passwords and second steps are those that were set."))
    if count := len(without_marks()):
        text = _("Of %(count)s accounts nothing says which password was set: run “tafahom init”.")
        yield Severity.WARNING, text % {"count": count}


def _months() -> SeverityLines:
    yield from told_of(
        [*_unexplained(RecordedActs())], _("Months were closed and reopened as recorded.")
    )


def _unexplained(said: RecordedActs) -> Iterator[str]:
    for reopening in said.unexplained_reopenings():
        yield _(
            "No entries of two persons stand behind the reopening of %(month)s: close the month"
            " again, and look what was changed in it."
        ) % _of(reopening.period)
    for period in said.unexplained_months():
        yield _("Whether %(month)s is closed is not what the audit says of it.") % _of(period)
    for table in said.unexplained_tables():
        yield _("The table of figures of %(month)s is not one whose writing was recorded.") % _of(
            table.period
        )
    for period, then in said.figures_at_closing():
        now = month_figures(province_id=period.province_id, month=period.month)[0].values
        if any(then[name] != now[name] for name in then.keys() & now.keys()):
            yield _(
                "Figures of %(month)s are not those of its closing: “tafahom periods check” tells"
                " which."
            ) % _of(period)


def _of(period: Period) -> dict[str, str]:
    return {"month": f"{period.province.name}, {month_code(period.month)}"}


def _identities() -> SeverityLines:
    said = []
    if count := lost_identities():
        text = _("%(count)s people have lost their identity, and no erasure says why.")
        said.append(text % {"count": count})
    if count := unexplained_erasures():
        text = _("%(count)s erasures have no entry of the audit: they were put in.")
        said.append(text % {"count": count})
    yield from told_of(said, _("Who has no identity was forgotten by an act that is recorded."))


CHANGED = {
    credentials.PASSWORD: gettext_noop(
        "The password of “%(user)s” was not set by an act that is recorded: end its visits, give it"
        " a new link, and look what was done with it."
    ),
    credentials.SECOND_STEP: gettext_noop(
        "The second step of “%(user)s” was changed or taken away by no act that is recorded: end its"
        " visits, reset the second step, and look what was done with it."
    ),
}
ACTS: dict[str, Callable[[], SeverityLines]] = {
    "roles": _roles,
    "credentials": _credentials,
    "closed_months": _months,
    "erasures": _identities,
}

"""A line of the work list, and what it is about: whose, what, and the page on which it is done."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tafahom.access.models import AccountRequest
from tafahom.agreements.models import Agreement, Proposal
from tafahom.jalali import MonthSpan, split_month
from tafahom.localised import digits, number, period_title
from tafahom.parties.models import Partner
from tafahom.periods.models import Period as ClosedMonth
from tafahom.persian import sort_key
from tafahom.privacy.models import ReadingAlarm
from tafahom.records.pages import address

KINDS: dict[str, str | Promise] = {
    "reading": gettext_lazy("Many names read"),
    "access": gettext_lazy("Access to confirm"),
    "review": gettext_lazy("Roles to confirm again"),
    "refused": gettext_lazy("Refused or not decided"),
    "years": gettext_lazy("Years to confirm"),
    "moved": gettext_lazy("Closed month moved"),
    "proposal": gettext_lazy("Proposals"),
    "answers": gettext_lazy("Answers to confirm"),
    "over": gettext_lazy("Term over"),
    "left": gettext_lazy("Remainder not recorded"),
    "ending": gettext_lazy("Ends soon"),
    "behind": gettext_lazy("Behind pace"),
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Due soon"),
    "unpaid": gettext_lazy("Not paid"),
    "meeting": gettext_lazy("Not minuted"),
    "decision": gettext_lazy("Decision not done"),
}


@dataclass(frozen=True, slots=True)
class Matter:
    """What a line of the work list is about: ``who`` is a partner, a body, a province or a person.

    ``shown_as`` and ``key`` name the record or list on whose page it is done (``records.pages``).
    ``say_what`` gives the number, month or kind in the language of who reads. ``sorted_by`` is the
    sort key of ``who`` where it is known.
    """

    who: str
    say_what: Callable[[], str]
    shown_as: str
    key: str = ""
    sorted_by: str = ""

    @property
    def address(self) -> str:
        """Where it is done in this installation."""
        return address(self.shown_as, self.key)

    @property
    def what(self) -> str:
        """What it is."""
        return self.say_what()


@dataclass(frozen=True, slots=True)
class Need:
    """One line of the work list. ``urgency`` is 0 (now) to 2 (in time).

    ``say`` gives its sentence in the language of who reads: of a long list few are read. ``of`` is
    what it is about.
    """

    kind: str
    urgency: int
    say: Callable[[], str]
    of: Matter
    day: dt.date | None = None

    @property
    def text(self) -> str:
        """What is the matter."""
        return self.say()

    @property
    def label(self) -> str:
        """What kind of need it is."""
        return str(KINDS[self.kind])

    @property
    def address(self) -> str:
        """Where it is done in this installation."""
        return self.of.address

    @property
    def order(self) -> tuple[int, dt.date, str]:
        """What the list is sorted by; what happens to people's names now comes before all else."""
        first = -1 if self.kind == "reading" else self.urgency
        return first, self.day or dt.date.max, self.of.sorted_by or sort_key(self.of.who)


def of_agreement(one: Agreement) -> Matter:
    """Return an agreement, by its number."""
    say, partner = partial(digits, one.number), one.partner
    return Matter(partner.name, say, "agreement", one.uid, partner.sort_key)


def of_proposal(one: Proposal) -> Matter:
    """Return a proposal, by its number."""
    say = partial(digits, one.number)
    return Matter(one.organisation, say, "proposal", one.uid)


def of_rosters(partner: Partner) -> Matter:
    """Return a partner's rosters and what their words mean."""
    return Matter(partner.name, lambda: _("Rosters"), "roster_answers", sorted_by=partner.sort_key)


def of_month(one: ClosedMonth) -> Matter:
    """Return a closed month of a province."""
    year, month = split_month(one.month)
    say = partial(period_title, MonthSpan(year, month, month))
    key = f"{one.province.code}/{one.month}"
    return Matter(one.province.name, say, "period", key)


def of_alarm(one: ReadingAlarm) -> Matter:
    """Return an account that asked for names, by how many people's."""

    def say() -> str:
        return ngettext("{n} person", "{n} persons", one.asked).format(n=number(one.asked))

    return Matter(one.account.display_name, say, "reading_alarm", one.uid)


def of_request(one: AccountRequest) -> Matter:
    """Return what somebody asked for, by the account that it is about."""

    def say() -> str:
        return str(one.get_role_display() or one.get_kind_display())

    return Matter(one.user.display_name, say, "account_request", one.uid)

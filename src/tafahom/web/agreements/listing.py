"""The list of agreements: what the address keeps of it, in which order, and how each stands."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models import Agreement, AgreementState, Level
from tafahom.agreements.queries import agreements, agreements_by_id
from tafahom.agreements.rules import LifeState
from tafahom.figures.queries import latest_period
from tafahom.jalali import MonthSpan
from tafahom.localised import digits
from tafahom.parties.queries import partner_kinds
from tafahom.reports.definitions.standing import NOTHING, Standing, standings
from tafahom.reports.tables import HIDDEN, TableCell
from tafahom.scoping import current_scope
from tafahom.web.shell.forms import JalaliDateField, dress
from tafahom.web.shell.lists import Sorts

SORTS: Sorts = {
    "number": ("number", "pk"),
    "partner": ("partner__sort_key", "number"),
    "kind": ("partner__kind__sort_key", "partner__sort_key", "number"),
    "state": ("state", "ends_on", "number"),
    "level": ("level", "number"),
    "starts": ("starts_on", "number"),
    "ends": ("ends_on", "number"),
    "realised": ("number",),  # by figures, see ``ordered``
}
DEFAULT_SORT = "number"
# Name in the address to the label and to whether a percentage lies in it.
BANDS: dict[str, tuple[object, Callable[[TableCell], bool]]] = {
    "none": (_("Nothing promised"), lambda part: part is None),
    "0-25": (_("Under 25 percent"), lambda part: _lies(part, 0, 25)),
    "25-50": (_("25 to 50 percent"), lambda part: _lies(part, 25, 50)),
    "50-75": (_("50 to 75 percent"), lambda part: _lies(part, 50, 75)),
    "75-100": (_("75 to 100 percent"), lambda part: _lies(part, 75, 100)),
    "100": (_("100 percent and more"), lambda part: _lies(part, 100, inf)),
    "hidden": (_("Confidential"), lambda part: part is HIDDEN),
}
ALL = ("", _("All"))


class AgreementFilter(forms.Form):
    """What is kept of the list. A field that makes no sense keeps everything and says so."""

    q = forms.CharField(required=False, max_length=200, label=_("Number or partner"))
    state = forms.ChoiceField(
        required=False, label=_("State"), choices=[ALL, *AgreementState.choices]
    )
    level = forms.ChoiceField(required=False, label=_("Level"), choices=[ALL, *Level.choices])
    kind = forms.ChoiceField(required=False, label=_("Kind of partner"))
    realised = forms.ChoiceField(
        required=False,
        label=_("Realisation"),
        choices=[ALL, *((code, label) for code, (label, _fits) in BANDS.items())],
    )
    ends_from = JalaliDateField(required=False, label=_("Ends from"))
    ends_to = JalaliDateField(required=False, label=_("Ends until"))

    def __init__(self, request: HttpRequest, *, sees_figures: bool) -> None:
        super().__init__(request.GET)
        kinds = partner_kinds().values_list("code", "name")
        self.fields["kind"].choices = [ALL, *kinds]  # type: ignore[attr-defined]  # of a choice
        if not sees_figures:
            del self.fields["realised"]
        elif current_scope().sees_statuses:
            bands = self.fields["realised"].choices  # type: ignore[attr-defined]  # of a choice
            self.fields["realised"].choices = [  # type: ignore[attr-defined]  # of a choice
                (code, label) for code, label in bands if code != "hidden"
            ]
        dress(self)
        for name, field in self.fields.items():
            if name.startswith("ends_"):
                field.widget.attrs |= {"placeholder": digits("1405/01/31"), "inputmode": "numeric"}
        self.is_valid()

    def given(self, name: str) -> str:
        """Return what is kept of a field, empty for all."""
        return str(self.cleaned_data.get(name) or "")

    def day(self, name: str) -> dt.date | None:
        """Return a day to keep by."""
        found: dt.date | None = self.cleaned_data.get(name)
        return found

    @property
    def selects(self) -> Iterator[forms.BoundField]:
        """The fields that are chosen from a list."""
        return (field for field in self if isinstance(field.field, forms.ChoiceField))

    @property
    def further(self) -> int:
        """How many of the less common filters are in use."""
        return sum(bool(self.data.get(name)) for name in self.fields if name not in ("q", "state"))

    @property
    def days(self) -> Iterator[forms.BoundField]:
        """The days."""
        return (field for field in self if isinstance(field.field, JalaliDateField))


@dataclass(frozen=True, slots=True)
class AgreementList:
    """The agreements that an address asks for, by id in their order, and how all stand.

    ``standings`` is None for who may not see figures.
    """

    form: AgreementFilter
    ids: list[int]
    sort: str
    period: MonthSpan | None
    standings: dict[str, Standing] | None

    def fetch(self, ids: list[int]) -> list[Agreement]:
        """Return the agreements of some of the ids, in this order."""
        rows = agreements_by_id(ids)
        return [rows[pk] for pk in ids if pk in rows]

    def standing(self, agreement: Agreement) -> Standing:
        """Return how one stands."""
        return (self.standings or {}).get(agreement.number, NOTHING)


def agreement_list(request: HttpRequest, *, sees_figures: bool) -> AgreementList:
    """Return what the address asks for: the fields of ``AgreementFilter``, and ``sort``."""
    form = AgreementFilter(request, sees_figures=sees_figures)
    period = latest_period() if sees_figures else None
    found = standings(period) if period else ({} if sees_figures else None)
    sort = request.GET.get("sort", DEFAULT_SORT)
    name = sort.lstrip("-")
    if name not in SORTS or (name == "realised" and found is None):
        sort = name = DEFAULT_SORT
    first, *others = SORTS[name]
    turned = f"-{first}" if sort.startswith("-") and name != "realised" else first
    rows = list(kept(form).order_by(turned, *others).values_list("pk", "number"))
    if name == "number":
        rows.sort(key=lambda row: natural_key(row[1]), reverse=sort.startswith("-"))
    if found is not None:
        rows = _by_figures(rows, found, band=form.given("realised"), sort=sort)
    return AgreementList(form, [pk for pk, _number in rows], sort, period, found)


def kept(form: AgreementFilter) -> QuerySet[Agreement]:
    """Return the agreements that the form keeps, by all that the database knows."""
    found = agreements(text=form.given("q"), level=form.given("level"), kind=form.given("kind"))
    if state := form.given("state"):
        found = found.filter(_in_state(state))
    if day := form.day("ends_from"):
        found = found.filter(ends_on__gte=day)
    if day := form.day("ends_to"):
        found = found.filter(ends_on__lte=day)
    return found


def natural_key(number: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what orders numbers of agreements as people count: 9/97 before 10/97."""
    parts = re.split(r"([0-9]+)", number)
    return tuple((part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)


def _in_state(state: str) -> Q:
    """Return the condition of what the list shows in a state: a term that is over has ended."""
    over = Q(state=LifeState.IN_FORCE, ends_on__lt=localdate())
    if state == LifeState.ENDED:
        return Q(state=LifeState.ENDED) | over
    return Q(state=state) & ~over if state == LifeState.IN_FORCE else Q(state=state)


def _lies(part: TableCell, low: float, high: float) -> bool:
    return isinstance(part, (int, float)) and low <= part < high


def _by_figures(
    rows: list[tuple[int, str]], found: dict[str, Standing], *, band: str, sort: str
) -> list[tuple[int, str]]:
    """Keep and order by realisation; what has none, or is hidden, stands last either way."""

    def part(row: tuple[int, str]) -> float | None:
        return found.get(row[1], NOTHING).realisation

    if band in BANDS:
        fits = BANDS[band][1]
        rows = [row for row in rows if fits(found.get(row[1], NOTHING).realisation_cell)]
    if sort.lstrip("-") != "realised":
        return rows
    sign = -1 if sort.startswith("-") else 1
    return sorted(rows, key=lambda row: (part(row) is None, sign * (part(row) or 0)))

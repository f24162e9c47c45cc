"""What the page of an agreement shows."""

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement, Commitment
from tafahom.agreements.record import AgreementRecord, agreement_record
from tafahom.agreements.rules import REASON_NEEDED, LifeState
from tafahom.agreements.texts.queries import is_editable
from tafahom.desk.matters import Need
from tafahom.desk.needs import needs_of
from tafahom.figures.of_agreement import AgreementFigures, agreement_figures
from tafahom.figures.queries import latest_period
from tafahom.figures.slices import BreakdownStanding, SliceStanding
from tafahom.gate.permissions import allows
from tafahom.parties.models import Audience
from tafahom.reports.definitions.cells import cells_of
from tafahom.reports.tables import HIDDEN, Hidden, TableCell
from tafahom.reports.words import dimensions as dimensions_in_words
from tafahom.reports.words import slice_name
from tafahom.training.courses.queries import courses_by_end_month, courses_of
from tafahom.training.models import Course
from tafahom.web.agreements.burn_up import BurnUp, burn_up
from tafahom.web.agreements.forms.panels import Panel, Panels
from tafahom.web.agreements.timeline import TimelineEvent, timeline
from tafahom.web.courses.listing import DEFAULT_SORT, SORTS, with_people
from tafahom.web.partners.statuses import StatusCard, status_card
from tafahom.web.reports.offers import rows_of
from tafahom.web.shell import lists

STEPS = {
    LifeState.DRAFTING: gettext_lazy("Draft it"),
    LifeState.NEGOTIATION: gettext_lazy("Open the negotiation"),
    LifeState.SIGNED: gettext_lazy("Record it as signed"),
    LifeState.IN_FORCE: gettext_lazy("Put it in force"),
    LifeState.SUSPENDED: gettext_lazy("Suspend it"),
    LifeState.ENDED: gettext_lazy("Record its end"),
    LifeState.TERMINATED: gettext_lazy("Terminate it"),
    LifeState.RENEWED: gettext_lazy("Record it as renewed"),
}
# By what a promise is offered to be divided; addresses of other combinations work too.
OFFERED = (
    "quarter",
    "audience",
    "cluster",
    "county",
    "audience,county",
    "audience,quarter",
    "county,quarter",
)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A year with its last month that has figures, and the measures by their codes."""

    year: int
    last: int
    cells: dict[str, TableCell]


@dataclass(frozen=True, slots=True)
class DividedPromise:
    """A promise in parts: how they stand, by what it is divided, and the parts by their names."""

    standing: BreakdownStanding
    by: str
    parts: list[tuple[str, SliceStanding]]


@dataclass(frozen=True, slots=True)
class AgreementPage:
    """The record of an agreement with its figures, and what who asks may see and do of it.

    ``realisation`` are the years with figures, ``now`` the present one of them, None to who may
    see no figures. ``panels`` are the forms on it. ``divisible`` are promises that may be divided, and by what.
    """

    agreement: Agreement
    record: AgreementRecord
    figures: AgreementFigures
    today: dt.date
    needs: list[Need]
    realisation: list[YearRow] | None
    now: YearRow | None
    has_hidden: bool
    rows_are: str
    burn: BurnUp | Hidden | None
    audiences: list[Audience]
    listing: lists.Listing[Course]
    courses: list[tuple[Course, int | None]]
    timeline: list[TimelineEvent]
    panels: Panels
    parts: list[DividedPromise]
    divisible: list[tuple[Commitment, list[tuple[str, str]]]]
    statuses: StatusCard | None
    may_manage: bool
    may_write: bool


def agreement_page(
    request: HttpRequest, agreement: Agreement, *, on: dt.date, refused: Panel | None = None
) -> AgreementPage:
    """Return the page of an agreement on a day, for who asks.

    ``refused`` is a form of it that was sent and not taken: it is shown as it was typed.
    """
    record = agreement_record(agreement, on=on)
    months = courses_by_end_month(agreement)
    sees_figures = allows(request, Act.SEE_FIGURES)
    latest = latest_period() if sees_figures else None
    figures = agreement_figures(record, latest, course_months=months, sees_figures=sees_figures)
    listing = lists.listing(
        request,
        courses_of(agreement),
        sorts=SORTS,
        default=DEFAULT_SORT,
        count=sum(months.values()),
    )
    realisation = _realisation(figures)
    may_manage = allows(request, Act.MANAGE_AGREEMENTS)
    return AgreementPage(
        agreement=agreement,
        record=record,
        figures=figures,
        today=on,
        needs=needs_of(agreement),
        realisation=realisation,
        now=_now(figures, realisation),
        has_hidden=any(one.cells["persons"] is HIDDEN for one in realisation or ()),
        rows_are=rows_of("agreement"),
        burn=burn_up(record, figures),
        audiences=_audiences(request, record),
        listing=listing,
        courses=with_people(request, listing.rows),
        timeline=timeline(record, may_triage=allows(request, Act.TRIAGE_PROPOSALS)),
        panels=Panels.of(_steps(record), record.parties, record.obligations, refused),
        parts=_parts(figures),
        divisible=_divisible(record),
        statuses=status_card(request, agreement, reveals=record.reveals_status),
        may_manage=may_manage,
        may_write=may_manage and is_editable(agreement),
    )


def _realisation(figures: AgreementFigures) -> list[YearRow] | None:
    if figures.years is None:
        return None
    return [YearRow(one.year, one.last, cells_of(one.total)) for one in figures.years]


def _now(figures: AgreementFigures, realisation: list[YearRow] | None) -> YearRow | None:
    year = figures.latest.year if figures.latest else None
    return next((one for one in realisation or () if one.year == year), None)


def _audiences(request: HttpRequest, record: AgreementRecord) -> list[Audience]:
    """Return for whom it is: groups that say something private to those only who may see them."""
    may_see = allows(request, Act.SEE_SENSITIVE)
    return [one for one in record.audiences if may_see or not one.is_sensitive]


def _steps(record: AgreementRecord) -> list[tuple[str, str, bool]]:
    return [
        (to.value, str(STEPS[to]), to in REASON_NEEDED) for to in record.next_states if to in STEPS
    ]


def _parts(figures: AgreementFigures) -> list[DividedPromise]:
    return [
        DividedPromise(
            one,
            dimensions_in_words(one.breakdown.names),
            [(slice_name(part.part), part) for part in one.slices],
        )
        for one in figures.breakdowns
    ]


def _divisible(record: AgreementRecord) -> list[tuple[Commitment, list[tuple[str, str]]]]:
    if not (record.is_draft or record.is_living):
        return []
    ways = [(names, dimensions_in_words(tuple(names.split(",")))) for names in OFFERED]
    return [(one, ways) for one in record.promises.commitments if one.quantity]

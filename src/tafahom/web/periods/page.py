"""What the pages about closed months show."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.credentials.queries import month_figures
from tafahom.exchange.closing import OpenPoint, OpenRow, open_points
from tafahom.figures.closed_months import compare
from tafahom.gate.numbers import hides_numbers
from tafahom.gate.permissions import allows
from tafahom.jalali import MONTH_NAMES, MonthSpan, month_of, split_month, today
from tafahom.localised import month_name, period_title
from tafahom.parties.models import Province
from tafahom.periods import rules
from tafahom.periods.models import Adjustment, PeriodState, PeriodStep, Reopening, StepKind
from tafahom.periods.queries import MonthRecord, month_record, month_states, moved_months
from tafahom.training.courses.queries import courses_by_month

MAX_MOVED = 10
# Points that count people, course by course.
OF_PEOPLE = frozenset({"attendance.missing", "hours.none", "marks.one_missing"})
POINTS: dict[str, tuple[Promise, Promise]] = {
    "courses.unfinished": (
        _("Courses that have not ended"),
        _("They end later than today; wait for their end or correct it."),
    ),
    "courses.empty": (
        _("Courses without trainees"),
        _("Nobody is enrolled; send the roster or ask the centre."),
    ),
    "attendance.missing": (
        _("Marks missing in registers"),
        _("A session was held and not everybody is marked."),
    ),
    "hours.none": (
        _("Trainees without any credited hour"),
        _("Never there, or the hours were forgotten."),
    ),
    "marks.one_missing": (
        _("Trainees with one paper only"),
        _("Of the written and the practical mark one is missing."),
    ),
    "rows.rejected": (
        _("Rejected rows of recorded files"),
        _("Other rows of these files are of this month; these may be too."),
    ),
    "files.waiting": (
        _("Files that wait to be recorded"),
        _("Nobody has recorded them or put them away; they may be of this month."),
    ),
}
MEASURES: dict[str, tuple[Promise, str]] = {
    "persons": (_("Persons"), "count"),
    "person_courses": (_("Person-courses"), "count"),
    "person_minutes": (_("Person-hours"), "hours"),
    "sat": (_("Sat the examination"), "count"),
    "passed": (_("Passed"), "count"),
    "certified": (_("Certified"), "count"),
    "enrolled_persons": (_("Enrolled persons"), "count"),
}


@dataclass(frozen=True, slots=True)
class MonthCell:
    """A month in the calendar: how many courses ended in it, and where its closing is.

    ``state`` is that of ``rules.MonthState``, or "reopened" while a correction is under way.
    """

    month: int
    name: str
    courses: int
    state: str
    has_come: bool


@dataclass(frozen=True, slots=True)
class Point:
    """An open point in words, its rows with their addresses.

    ``hides_numbers`` says that how many people it is about is hidden from who asks.
    """

    code: str
    label: str | Promise
    hint: str | Promise
    point: OpenPoint
    rows: list[tuple[OpenRow, str]]
    hides_numbers: bool


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One thing that a correction changed: each measure before and after, None where equal."""

    kind: str
    label: str
    name: str
    address: str
    values: list[tuple[int, int, bool] | None]


def title_of(month: int) -> str:
    """Return a month in words of the page's language."""
    year, number = split_month(month)
    return period_title(MonthSpan(year, number, number))


def calendar(province: Province) -> list[tuple[int, list[MonthCell]]]:
    """Return the years that have courses or closed months, latest first, with their months."""
    courses, states = courses_by_month(province), month_states(province)
    now = month_of(today())
    years = {month // 100 for month in (*courses, *states)}

    def cell(month: int, name: str) -> MonthCell:
        state = states.get(month, PeriodState.OPEN.value)
        return MonthCell(month, name, courses.get(month, 0), state, month <= now)

    return [
        (year, [cell(year * 100 + place, month_name(name)) for place, name in _months()])
        for year in sorted(years, reverse=True)
    ]


def _months() -> Iterator[tuple[int, str]]:
    return enumerate(MONTH_NAMES, 1)


def page_context(request: HttpRequest, province: Province, month: int) -> dict[str, Any]:
    """Return what the page of one month shows and offers to who asks."""
    record = month_record(province, month)
    period, facts, reopening = record.period, record.facts, record.reopening
    now, this_month = timezone.now(), month_of(today())
    is_closing = period.state == PeriodState.CLOSING
    hides = hides_numbers(request)
    return {
        "province": province,
        "month": month,
        "title": title_of(month),
        "period": period,
        "figures": _figures(province, month),
        "points": _points(request, province, month, hides=hides) if is_closing else [],
        "reopening": reopening,
        "is_reopened": rules.is_reopened(facts.request, now),
        "is_over": bool(facts.request and facts.request.until <= now),
        "is_asker": bool(reopening and reopening.asked_by_id == request.user.pk),
        "may_begin": allows(request, Act.PREPARE_CLOSING)
        and not rules.against_beginning(facts, this_month=this_month),
        "may_prepare": allows(request, Act.PREPARE_CLOSING),
        "may_close": allows(request, Act.CLOSE_PERIODS),
        "may_approve": allows(request, Act.APPROVE_REOPENING),
        "has_ended": month < this_month,
        "steps": _steps(record),
        "corrections": _corrections(record, hides=hides),
        "hides_numbers": hides,
        "tables": record.tables,
        "moved": _moved(province, month, hides=hides),
        "measures": [label for label, _unit in MEASURES.values()],
    }


def _figures(province: Province, month: int) -> list[tuple[str | Promise, int, str]]:
    values = month_figures(province_id=province.pk, month=month)[0].values
    return [(label, values[name], unit) for name, (label, unit) in MEASURES.items()]


def _moved(province: Province, month: int, *, hides: bool) -> tuple[int, list[str]] | None:
    """Return how many figures of the month moved by the latest check, and the first in words.

    To whom numbers are hidden they are not told: they are of single partners and audiences.
    """
    found = moved_months([province.pk], month=month).first()
    if found is None:
        return None
    if hides:
        return found.figures, []
    compared = compare(found.period)
    return found.figures, [compared.describe(one) for one in compared.moved[:MAX_MOVED]]


def _points(request: HttpRequest, province: Province, month: int, *, hides: bool) -> list[Point]:
    may_import = allows(request, Act.IMPORT_ROSTERS)

    def address(row: OpenRow) -> str:
        if row.kind == "course":
            return reverse("web:course_detail", args=[row.uid])
        if not may_import:
            return ""
        staged = row.kind == "staged"
        return reverse("web:import_detail", args=[row.uid]) if staged else reverse("web:imports")

    return [
        Point(
            found.code,
            *POINTS[found.code],
            found,
            [(row, address(row)) for row in found.rows],
            hides_numbers=hides and found.code in OF_PEOPLE,
        )
        for found in open_points(province=province, month=month)
    ]


def _steps(record: MonthRecord) -> list[tuple[PeriodStep, list[tuple[Any, Any]]]]:
    """Return what happened, latest first, each with the points that were accepted and why."""
    return [
        (
            step,
            [(POINTS[code][0], told) for code, told in step.details.get("accepted", {}).items()]
            if step.kind == StepKind.CLOSED
            else [],
        )
        for step in record.steps
    ]


def _corrections(record: MonthRecord, *, hides: bool) -> list[tuple[Reopening, list[FigureChange]]]:
    """Return the corrections that were closed again, with what each changed.

    To whom numbers are hidden only the whole month is shown: beside its change, the name of the one
    course that changed would be its number.
    """
    shown = {Adjustment.Kind.MONTH} if hides else set(Adjustment.Kind)
    return [
        (one, [_change(row) for row in one.adjustments.all() if row.kind in shown])
        for one in record.corrections
    ]


def _change(row: Adjustment) -> FigureChange:
    values: list[tuple[int, int, bool] | None] = []
    for name, (_label, unit) in MEASURES.items():
        before, after = row.before.get(name, 0), row.after.get(name, 0)
        values.append((before, after, unit == "hours") if before != after else None)
    change = FigureChange(row.kind, row.get_kind_display(), row.name, "", values)
    if row.kind == Adjustment.Kind.PARTNER:
        return replace(change, address=reverse("web:partner_detail", args=[row.record]))
    if row.kind == Adjustment.Kind.COURSE and row.after:
        return replace(change, address=reverse("web:course_detail", args=[row.record]))
    return change

"""Closing a month of a province: what is still open in it, and its figures before and after.

Above training, credentials and the rosters, because all of them are asked; the steps themselves
are those of ``periods.actions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Q, QuerySet, Value

from tafahom.access.models import User
from tafahom.credentials.queries import month_figures
from tafahom.exchange.models import StagedImport, StagedState
from tafahom.figures.closed_months import (
    MonthComparison,
    compare_all,
    figures_to_keep,
    group_names,
)
from tafahom.jalali import today
from tafahom.parties.models import Province
from tafahom.periods import actions
from tafahom.periods.models import Adjustment, MonthTable, Period, Reopening
from tafahom.training.models import Course, CourseSession, RosterImport

MAX_ROWS = 20
WAITING = (StagedState.STAGED, StagedState.CHECKED, StagedState.COMMITTING)


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One thing to look at: a course, a recorded file or an upload, with what its page is named.

    ``kind`` is "course", "import" or "staged"; ``count`` is how much is open in it, ``day`` its
    date where it has one.
    """

    kind: str
    uid: str
    name: str
    count: int
    day: date | None = None


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One kind of thing that is still open in a month: how often, and the first rows."""

    code: str
    count: int
    rows: list[OpenRow] = field(default_factory=list)

    @property
    def more(self) -> int:
        """Rows that are not listed."""
        return max(0, self.count - sum(row.count for row in self.rows))


def open_points(*, province: Province, month: int, now: date | None = None) -> list[OpenPoint]:
    """Return what is still open in a month, each kind once; nothing means it can be closed."""
    courses = Course.objects.filter(end_month=month, centre__province=province)
    found = (
        _courses("courses.unfinished", courses.filter(ends_on__gt=now or today()), None),
        _courses("courses.empty", courses.filter(enrolments=None), None),
        _attendance(province, month),
        _courses("hours.none", courses, Q(enrolments__credited_minutes=0)),
        _courses("marks.one_missing", courses, _ONE_MARK),
        _rejected(courses),
        _waiting(),
    )
    return [point for point in found if point.count]


# Sat one paper and not the other: whether such a trainee passed is not known yet.
_ONE_MARK = Q(enrolments__written_mark__isnull=False, enrolments__practical_mark=None) | Q(
    enrolments__written_mark=None, enrolments__practical_mark__isnull=False
)


def _courses(code: str, courses: QuerySet[Course], of: Q | None) -> OpenPoint:
    """Return courses, or how many of their enrolments something is true of."""
    counted = courses.order_by("ends_on", "pk")
    if of is None:
        counted = counted.annotate(open=Value(1))
    else:
        counted = counted.annotate(open=Count("enrolments", filter=of)).filter(open__gt=0)
    found = counted.values_list("uid", "title", "open", "ends_on")
    rows = [OpenRow("course", *row) for row in found]
    return OpenPoint(code, sum(row.count for row in rows), rows[:MAX_ROWS])


def _attendance(province: Province, month: int) -> OpenPoint:
    """Marks that the registers of sessions held in the month, or of its courses, do not have."""
    of_month = Q(month=month) | Q(course__end_month=month)
    sessions = (
        CourseSession.objects.filter(of_month, course__centre__province=province)
        .annotate(
            trainees=Count("course__enrolments", distinct=True),
            marked=Count("attendance", distinct=True),
        )
        .filter(marked__lt=F("trainees"))
        .order_by("held_on", "pk")
    )
    total, by_course = 0, dict[str, OpenRow]()
    for uid, title, day, trainees, marked in sessions.values_list(
        "course__uid", "course__title", "course__ends_on", "trainees", "marked"
    ):
        total += trainees - marked
        before = by_course[uid].count if uid in by_course else 0
        by_course[uid] = OpenRow("course", uid, title, before + trainees - marked, day)
    return OpenPoint("attendance.missing", total, list(by_course.values())[:MAX_ROWS])


def _rejected(courses: QuerySet[Course]) -> OpenPoint:
    """Rows that were rejected in files with other rows of the month."""
    files = RosterImport.objects.filter(
        rejected__gt=0, undone_at=None, enrolments__course__in=courses.order_by()
    ).distinct()
    rows = [
        OpenRow("import", one.uid, one.file_name, one.rejected) for one in files.order_by("-pk")
    ]
    return OpenPoint("rows.rejected", sum(row.count for row in rows), rows[:MAX_ROWS])


def _waiting() -> OpenPoint:
    """Uploads that nobody recorded or put away: of which months they are is not known yet."""
    waiting = StagedImport.objects.filter(state__in=WAITING).annotate(count=Count("files"))
    rows = [
        OpenRow("staged", one.uid, "", one.count, one.created_at.date())
        for one in waiting.order_by("-pk")
    ]
    return OpenPoint("files.waiting", len(rows), rows[:MAX_ROWS])


def close(
    *, province: Province, month: int, accepted: Mapping[str, str], by: User | None
) -> Period:
    """Close a month and keep its table of figures; see ``periods.actions.close``.

    Raises ``periods.rules.RefusedError``.
    """

    def look() -> actions.MonthLook:
        points = open_points(province=province, month=month)
        return actions.MonthLook(
            found={point.code: point.count for point in points},
            figures=month_figures(province_id=province.pk, month=month),
        )

    period = actions.close(province=province, month=month, look=look, accepted=accepted, by=by)
    keep_table(period)
    return period


def keep_table(period: Period) -> MonthTable:
    """Keep the figures of a closed month by all they can be split by.

    After the month was closed: its figures do not move any more, and facts are built without
    holding up who writes. Where that was interrupted, ``check_tables`` does it.
    """
    figures = figures_to_keep(period)
    return actions.write_table(
        period,
        groups=figures.groups,
        names=group_names(period, figures),
        measures=figures.measures,
    )


def check_tables() -> list[MonthComparison]:
    """Compare the tables of closed months with the figures of now, and record what moved.

    What a nightly task runs. Months that were closed before tables were kept get theirs.
    """
    found = list(compare_all())
    for one in found:
        if one.table is None:
            keep_table(one.period)
    moved = {one.period: max(1, len(one.moved)) for one in found if one.has_moved}
    actions.record_check(months=len(found), moved=moved)
    return found


def approve_reopening(reopening: Reopening, *, by: User) -> Reopening:
    """Open a month for a correction; see ``periods.actions.approve_reopening``."""
    period = reopening.period
    return actions.approve_reopening(
        reopening,
        figures=lambda: month_figures(province_id=period.province_id, month=period.month),
        by=by,
    )


def close_again(reopening: Reopening, *, by: User | None) -> list[Adjustment]:
    """End a correction, write down what it changed and keep the figures of now as the next table.

    See ``periods.actions.close_again``.
    """
    period = reopening.period
    adjustments = actions.close_again(
        reopening,
        figures=lambda: month_figures(province_id=period.province_id, month=period.month),
        by=by,
    )
    keep_table(period)
    return adjustments

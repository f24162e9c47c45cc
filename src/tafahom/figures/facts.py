"""Fact rows: what the database knows of one month's courses, without a name or a number.

A row is an enrolment, or, where attendance is kept by session, an enrolment and a month in which
it has minutes. Everything that is counted once (``weight``, the examination, planned and standard
minutes) stands on the row of the month in which the course ended; hours attended stand in the
month of the session. Missing keys are 0, missing texts empty: there are no nulls.

Importing this module imports pyarrow: only ``figures.warehouse`` does, when facts are written.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Sum

from tafahom.figures.registry import Registry
from tafahom.figures.rules import age_band
from tafahom.figures.schema import FACTS
from tafahom.persian import clean, normal_key
from tafahom.training.models import Attendance, Course, Enrolment

Columns: TypeAlias = dict[str, Any]

_ENROLMENT_FIELDS = (
    "id",
    "course_id",
    "person_id",
    "person__gender",
    "audience_id",
    "education",
    "age",
    "credited_minutes",
    "written_mark",
    "passed",
    "certificate__id",
    "certificate__revoked_at",
)


def month_table(month: int, registry: Registry) -> pa.Table:
    """Return the facts of the courses that ended in a Jalali month, in a stable order."""
    rows = list(
        Enrolment.objects.filter(course__end_month=month)
        .order_by("id")
        .values_list(*_ENROLMENT_FIELDS)
    )
    fields: list[Any] = list(zip(*rows, strict=True)) or [()] * len(_ENROLMENT_FIELDS)
    whole = pa.table(_of_courses(month, fields[1], registry) | _of_enrolments(fields))
    return _by_session_month(whole, month, _minutes_by_session_month(month))


def _of_courses(month: int, courses: tuple[int, ...], registry: Registry) -> Columns:
    """Return the columns that an enrolment has from its course."""
    known = {
        pk: (agreement, centre, standard, start, planned)
        for pk, agreement, centre, standard, start, planned in Course.objects.filter(
            end_month=month
        )
        .order_by()
        .values_list(
            "id", "agreement_id", "centre_id", "standard_id", "start_month", "planned_minutes"
        )
    }
    described = {
        pk: (
            *registry.agreements[agreement],
            agreement,
            *registry.centres[centre],
            centre,
            *registry.standards[standard],
            standard,
            start,
            planned,
        )
        for pk, (agreement, centre, standard, start, planned) in known.items()
    }
    columns: list[Any] = list(zip(*(described[pk] for pk in courses), strict=True)) or [()] * 13
    partner, level, kind, agreement, kind_of_place, county, province, centre = columns[:8]
    cluster, minutes, standard, start, planned = columns[8:]
    return {
        "province": pa.array(province, pa.int32()),
        "county": pa.array(county, pa.int32()),
        "agreement": pa.array(agreement, pa.int32()),
        "level": pa.array(level, pa.string()),
        "partner": pa.array(partner, pa.int32()),
        "partner_kind": pa.array(kind, pa.int32()),
        "centre": pa.array(centre, pa.int32()),
        "centre_type": pa.array(kind_of_place, pa.int32()),
        "standard": pa.array(standard, pa.int32()),
        "cluster": pa.array(cluster, pa.int32()),
        "course": pa.array(courses, pa.int64()),
        "start_month": pa.array(start, pa.int32()),
        "planned_minutes": pa.array(planned, pa.int64()),
        # A standard whose hours nobody registered counts as long as the course was planned.
        "standard_minutes": pa.array(
            [length or course for length, course in zip(minutes, planned, strict=True)],
            pa.int64(),
        ),
    }


def _of_enrolments(fields: list[Any]) -> Columns:
    """Return the columns that an enrolment has by itself; flags are 0 and 1."""
    (enrolments, _courses, persons, genders, audiences, education, ages, credited) = fields[:8]
    written, passed, certificates, revoked = fields[8:]
    spelled = {text: clean(text) for text in set(education)}
    keyed = {text: normal_key(text) for text in spelled}
    return {
        "enrolment": pa.array(enrolments, pa.int64()),
        "person": pa.array(persons, pa.int64()),
        "gender": pa.array(genders, pa.string()),
        "audience": pa.array([key or 0 for key in audiences], pa.int32()),
        "education": pa.array([keyed[text] for text in education], pa.string()),
        "education_name": pa.array([spelled[text] for text in education], pa.string()),
        "age_band": pa.array([age_band(age) for age in ages], pa.string()),
        "attended_minutes": pa.array(credited, pa.int64()),
        "sat": _flags(mark is not None for mark in written),
        "passed": _flags(passed),
        "certified": _flags(
            number is not None and day is None
            for number, day in zip(certificates, revoked, strict=True)
        ),
    }


def _flags(values: Iterable[object]) -> pa.Array:
    return pa.array([int(bool(value)) for value in values], pa.int8())


def _minutes_by_session_month(month: int) -> dict[int, dict[int, int]]:
    """Return credited minutes by month of the session for enrolments with a register."""
    found: dict[int, dict[int, int]] = defaultdict(dict)
    sums = (
        Attendance.objects.filter(enrolment__course__end_month=month, credited_minutes__gt=0)
        .order_by()
        .values_list("enrolment_id", "session__month")
        .annotate(minutes=Sum("credited_minutes"))
    )
    for enrolment, session_month, minutes in sums:
        found[enrolment][session_month] = minutes
    return found


def _by_session_month(whole: pa.Table, month: int, register: dict[int, dict[int, int]]) -> pa.Table:
    """Split rows over the months of their sessions; the row of ``month`` counts the enrolment.

    Where the register does not add up to the credited minutes, the credited minutes rule and
    the row stays whole.
    """
    places: list[int] = []
    months: list[int] = []
    minutes: list[int] = []
    enrolments = whole["enrolment"].to_pylist()
    for place, credited in enumerate(whole["attended_minutes"].to_pylist()):
        parts = register.get(enrolments[place], {})
        if sum(parts.values()) != credited:
            parts = {}
        for session_month in sorted({month, *parts}):
            places.append(place)
            months.append(session_month)
            minutes.append(parts.get(session_month, 0) if parts else credited)
    table = whole.take(pa.array(places, pa.int64()))
    counts_once = pc.cast(pc.equal(pa.array(months, pa.int32()), month), pa.int8())
    table = table.append_column("weight", counts_once)
    table = table.append_column("session_month", pa.array(months, pa.int32()))
    table = table.append_column("end_month", pa.array([month] * len(months), pa.int32()))
    table = _replace(table, "attended_minutes", pa.array(minutes, pa.int64()))
    for name in ("planned_minutes", "standard_minutes", "sat", "passed", "certified"):
        kind = table[name].type
        table = _replace(table, name, pc.cast(pc.multiply(table[name], counts_once), kind))
    return table.select(list(FACTS))


def _replace(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)

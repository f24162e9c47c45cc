"""Fact rows: what the database knows of one month's courses, without a name or a number.

A row is an enrolment, or, where attendance is kept by session, an enrolment and a month in which
it has minutes. Everything that is counted once (``weight``, the examination, planned and standard
minutes) stands on the row of the month in which the course ended; hours attended stand in the
month of the session. Missing keys are 0, missing texts empty: there are no nulls.

Importing this module imports pyarrow: only ``figures.warehouse`` does, when facts are written.
"""

from array import array
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from django.db.models import Case, IntegerField, Q, Sum, When
from django.db.models.functions import Cast

from tafahom.figures.registry import Registry
from tafahom.figures.rules import age_band
from tafahom.figures.schema import FACTS
from tafahom.persian import clean, normal_key
from tafahom.training.models import Attendance, Course, Enrolment

FactColumns: TypeAlias = dict[str, Any]

_CODES = {8: "b", 32: "i", 64: "q"}  # of Python's arrays, by the bits of an integer

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
    "passes",
    "is_certified",
)
# Numbers, not truth values and moments: a driver hands those over as they are.
_VALID = Q(certificate__isnull=False, certificate__revoked_at__isnull=True)
_FLAGS = {
    "passes": Cast("passed", IntegerField()),
    "is_certified": Case(When(_VALID, then=1), default=0, output_field=IntegerField()),
}


def month_table(month: int, registry: Registry) -> pa.Table:
    """Return the facts of the courses that ended in a Jalali month, in a stable order."""
    rows = list(
        Enrolment.objects.filter(course__end_month=month)
        .annotate(**_FLAGS)
        .order_by("id")
        .values_list(*_ENROLMENT_FIELDS)
    )
    fields: list[Any] = list(zip(*rows, strict=True)) or [()] * len(_ENROLMENT_FIELDS)
    whole = pa.table(_of_courses(month, fields[1], registry) | _of_enrolments(fields))
    return _by_session_month(whole, month, _minutes_by_session_month(month))


def _of_courses(month: int, courses: tuple[int, ...], registry: Registry) -> FactColumns:
    """Return the columns that an enrolment has from its course."""
    known = (
        Course.objects.filter(end_month=month)
        .order_by()
        .values_list(
            "id", "agreement_id", "centre_id", "standard_id", "start_month", "planned_minutes"
        )
    )
    described = [
        (
            *registry.agreements[agreement],
            agreement,
            *registry.centres[centre],
            centre,
            *registry.standards[standard],
            standard,
            start,
            planned,
            pk,
        )
        for pk, agreement, centre, standard, start, planned in known
    ]
    columns: list[Any] = list(zip(*described, strict=True)) or [()] * 14
    place = {pk: number for number, pk in enumerate(columns[-1])}
    # Arrow repeats what is said of a course for each of its enrolments; Python would be slow.
    places = _array([place[pk] for pk in courses], pa.int64())
    return {name: array.take(places) for name, array in _described(columns).items()}


def _described(columns: list[Any]) -> FactColumns:
    """Return what facts say of courses, one value a course."""
    partner, level, kind, agreement, kind_of_place, county, province, centre = columns[:8]
    cluster, minutes, standard, start, planned, course = columns[8:]
    return {
        "province": _array(province, pa.int32()),
        "county": _array(county, pa.int32()),
        "agreement": _array(agreement, pa.int32()),
        "level": _array(level, pa.string()),
        "partner": _array(partner, pa.int32()),
        "partner_kind": _array(kind, pa.int32()),
        "centre": _array(centre, pa.int32()),
        "centre_type": _array(kind_of_place, pa.int32()),
        "standard": _array(standard, pa.int32()),
        "cluster": _array(cluster, pa.int32()),
        "course": _array(course, pa.int64()),
        "start_month": _array(start, pa.int32()),
        "planned_minutes": _array(planned, pa.int64()),
        # A standard whose hours nobody registered counts as long as the course was planned.
        "standard_minutes": _array(
            [length or of_course for length, of_course in zip(minutes, planned, strict=True)],
            pa.int64(),
        ),
    }


def _of_enrolments(fields: list[Any]) -> FactColumns:
    """Return the columns that an enrolment has by itself; flags are 0 and 1."""
    (enrolments, _courses, persons, genders, audiences, education, ages, credited) = fields[:8]
    written, passes, certified = fields[8:]
    bands = {age: age_band(age) for age in set(ages)}
    spelled = {text: clean(text) for text in set(education)}
    keyed = {text: normal_key(text) for text in spelled}
    return {
        "enrolment": _array(enrolments, pa.int64()),
        "person": _array(persons, pa.int64()),
        "gender": _array(genders, pa.string()),
        "audience": _array([key or 0 for key in audiences], pa.int32()),
        "education": _array([keyed[text] for text in education], pa.string()),
        "education_name": _array([spelled[text] for text in education], pa.string()),
        "age_band": _array([bands[age] for age in ages], pa.string()),
        "attended_minutes": _array(credited, pa.int64()),
        "sat": _array([int(mark is not None) for mark in written], pa.int8()),
        "passed": _array(passes, pa.int8()),
        "certified": _array(certified, pa.int8()),
    }


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
    table = whole.take(_array(places, pa.int64()))
    counts_once = _array([int(each == month) for each in months], pa.int8())
    table = table.append_column("weight", counts_once)
    table = table.append_column("session_month", _array(months, pa.int32()))
    table = table.append_column("end_month", _array([month] * len(months), pa.int32()))
    table = _replace(table, "attended_minutes", _array(minutes, pa.int64()))
    for name in ("planned_minutes", "standard_minutes", "sat", "passed", "certified"):
        kind = table[name].type
        table = _replace(table, name, pc.cast(pc.multiply(table[name], counts_once), kind))
    return table.select(list(FACTS))


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """Return integers or texts as Arrow keeps them.

    ``pa.array`` would do, but imports pandas to see whether it was given something of pandas.
    """
    if not values:
        return pa.nulls(0, kind)
    if kind != pa.string():
        return pa.Array.from_buffers(
            kind, len(values), [None, pa.py_buffer(array(_CODES[kind.bit_width], values))]
        )
    texts = [text.encode() for text in values]
    ends = array("i", accumulate(map(len, texts), initial=0))
    buffers = [None, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    return pa.Array.from_buffers(kind, len(texts), buffers)


def _replace(table: pa.Table, name: str, values: Any) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, values)

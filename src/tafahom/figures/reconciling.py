"""Whether the facts say of every enrolment what the database says, by value.

Both sides add up every column, each value multiplied by a factor of its enrolment, so that two
values that changed places show as well as one that changed. Neither side hands out its rows.
"""

from collections import defaultdict
from collections.abc import Mapping
from itertools import groupby
from typing import Any, TypeAlias, TypeVar

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tafahom.figures import warehouse
from tafahom.figures.registry import read_registry
from tafahom.figures.rules import age_band
from tafahom.figures.snapshot import one_snapshot
from tafahom.persian import clean, normal_key
from tafahom.training.models import Attendance, ChangedCourse, Enrolment

# A month with what an enrolment has of texts: band of age, education, gender.
_Group: TypeAlias = tuple[int, str, str, str]
_Sums: TypeAlias = tuple[int, ...]
_Key = TypeVar("_Key", bound=tuple[Any, ...])

TURNS = 3

FACTORS, MODULUS = 10_007, 1_000_003  # primes; sums of a nation's year stay within 64 bits
# Columns of the facts that are counted once for an enrolment, and where the database has them.
_ONCE = {
    "course": "course_id",
    "person": "person_id",
    "audience": "audience_id",
    "agreement": "course__agreement_id",
    "centre": "course__centre_id",
    "standard": "course__standard_id",
    "start_month": "course__start_month",
    "planned_minutes": "course__planned_minutes",
}
_FLAGS = {
    "sat": Q(written_mark__isnull=False),
    "passed": Q(passed=True),
    "certified": Q(certificate__isnull=False, certificate__revoked_at__isnull=True),
}


def months_out_of_step() -> list[int]:
    """Return the end months of which the facts say something else than the database, in order.

    Looked at again when somebody wrote meanwhile.
    """
    found: set[int] = set()
    for _turn in range(TURNS):
        warehouse.refresh()
        version = warehouse.version()
        with one_snapshot():
            found = _differing(_told(), _recorded()) | _of_other_registries()
            found |= _differing(_told_by_session_month(), _recorded_by_session_month())
            was_quiet = not ChangedCourse.objects.exists() and version == warehouse.version()
        if not found or was_quiet:
            break
    return sorted(found)


def _differing(told: Mapping[_Key, Any], recorded: Mapping[_Key, Any]) -> set[int]:
    """Return the months, the first of a key, in which the two sides differ."""
    keys = told.keys() | recorded.keys()
    return {key[0] for key in keys if told.get(key) != recorded.get(key)}


def _told() -> dict[_Group, _Sums]:
    factor = f"(enrolment % {FACTORS} + 1)"
    sums = [f"{factor} * ({column} % {MODULUS}) * weight" for column in _ONCE]
    sums += [f"{factor} * {column}" for column in ("attended_minutes", *_FLAGS)]
    columns = ", ".join(f"sum({one})::BIGINT" for one in ("weight", *sums))
    keys = "end_month, age_band, education, gender"
    found = _nothing()
    for month, band, education, gender, *numbers in warehouse.grouped(keys, columns):
        found[month, band, education, gender] = tuple(numbers)
    return found


def _recorded() -> dict[_Group, _Sums]:
    factor = F("id") % FACTORS + 1
    sums: dict[str, Any] = {
        name: Sum(factor * (Coalesce(F(path), 0) % MODULUS)) for name, path in _ONCE.items()
    }
    sums["attended_minutes"] = Sum(factor * F("credited_minutes"))
    for name, holds in _FLAGS.items():
        sums[name] = Sum(Case(When(holds, then=factor), default=Value(0)))
    keys = ("course__end_month", "age", "education", "person__gender")
    rows = Enrolment.objects.order_by().values(*keys).annotate(
        **{f"sum_{name}": one for name, one in {"weight": Count("id"), **sums}.items()}
    )  # fmt: skip
    keyed: dict[str, str] = {}
    found = _nothing()
    for month, age, education, gender, *numbers in rows.values_list(
        *keys, *(f"sum_{name}" for name in ("weight", *sums))
    ):
        if education not in keyed:
            keyed[education] = normal_key(clean(education))
        group = month, age_band(age), keyed[education], gender
        before = found[group]
        found[group] = tuple(a + int(b) for a, b in zip(before, numbers, strict=True))
    return found


def _told_by_session_month() -> dict[tuple[int, int], int]:
    """Return the hours of sessions in other months than a course's last, by both months."""
    rows = warehouse.grouped(
        "end_month, session_month",
        f"sum((enrolment % {FACTORS} + 1) * attended_minutes)::BIGINT",
        having="end_month <> session_month",
    )
    return {(end, session): minutes for end, session, minutes in rows if minutes}


def _recorded_by_session_month() -> dict[tuple[int, int], int]:
    """Return the same of the registers that add up to the credited minutes."""
    rows = (
        Attendance.objects.filter(credited_minutes__gt=0)
        .order_by("enrolment_id")
        .values_list(
            "enrolment_id",
            "enrolment__credited_minutes",
            "enrolment__course__end_month",
            "session__month",
        )
        .annotate(minutes=Sum("credited_minutes"))
    )
    found: dict[tuple[int, int], int] = defaultdict(int)
    for (pk, credited, end), parts in groupby(rows.iterator(), key=lambda row: row[:3]):
        minutes = {month: part for *_enrolment, month, part in parts}
        if sum(minutes.values()) == credited:
            for month in minutes.keys() - {end}:
                found[end, month] += (pk % FACTORS + 1) * minutes[month]
    return found


def _nothing() -> dict[_Group, _Sums]:
    return defaultdict(lambda: (0,) * (1 + len(_ONCE) + 1 + len(_FLAGS)))


def _of_other_registries() -> set[int]:
    """Return the months whose facts repeat something else of a registry than stands there now."""
    registry = read_registry()
    months = set()
    for month, agreement, *row, _count in _repeated("agreement, partner, level, partner_kind"):
        if registry.agreements.get(agreement) != tuple(row):
            months.add(month)
    for month, centre, *row, _count in _repeated("centre, centre_type, county, province"):
        if registry.centres.get(centre) != tuple(row):
            months.add(month)
    for month, standard, cluster, minutes, planned, _count in _repeated(
        "standard, cluster, standard_minutes, planned_minutes"
    ):
        known = registry.standards.get(standard, (0, 0))
        if (cluster, minutes) != (known[0], known[1] or planned):
            months.add(month)
    return months


def _repeated(columns: str) -> list[tuple[Any, ...]]:
    """Return the end months with what their rows have in these columns, each once."""
    return warehouse.grouped(f"end_month, {columns}", "sum(weight)", having="sum(weight) > 0")

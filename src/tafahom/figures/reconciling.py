"""Whether the facts say of every enrolment what the database says, by value.

Both sides add up every column, each value multiplied by a factor of its enrolment, so that two
values that changed places show as well as one that changed. Neither side hands out its rows.
"""

from collections import defaultdict
from typing import Any, TypeAlias

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from tafahom.figures import warehouse
from tafahom.figures.registry import read_registry
from tafahom.figures.rules import age_band
from tafahom.persian import clean, normal_key
from tafahom.training.models import Enrolment

# A month with what an enrolment has of texts: band of age, education, gender.
_Group: TypeAlias = tuple[int, str, str, str]
_Sums: TypeAlias = tuple[int, ...]

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
    """Return the end months of which the facts say something else than the database, in order."""
    warehouse.refresh()
    told, recorded = _told(), _recorded()
    groups = {group for group in told.keys() | recorded.keys() if told[group] != recorded[group]}
    return sorted({month for month, *_texts in groups} | _of_other_registries())


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

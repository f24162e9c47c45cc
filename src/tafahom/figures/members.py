"""The values of dimensions: their codes, Persian names and order, from the registries."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from tafahom.agreements.models import Agreement
from tafahom.figures import warehouse
from tafahom.figures.catalogue import DIMENSIONS, MISSING_NAME
from tafahom.figures.rules import AGE_BANDS, FigureError
from tafahom.jalali import MONTH_NAMES, month_code
from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    Partner,
    PartnerKind,
    Province,
)
from tafahom.persian import normal_key, sort_key, to_ascii_digits
from tafahom.training.courses.groups import education_words
from tafahom.training.models import Cluster, OccupationalStandard

KeyPart: TypeAlias = int | str
Key: TypeAlias = tuple[KeyPart, ...]

# Persian whatever the language of the page: values are shown as registered.
_FIXED: dict[str, dict[str, str]] = {
    "level": {"national": "ملی", "provincial": "استانی"},
    "gender": {"female": "زن", "male": "مرد"},
    "age_band": {code: name for _bound, code, name in AGE_BANDS},
}
# Dimensions whose keys are texts; those of the others are numbers.
TEXTS = frozenset({*_FIXED, "education"})
_MAX_IN = 900  # SQLite's bound on parameters of one statement is 999 in old builds


@dataclass(frozen=True, slots=True)
class DimensionValue:
    """One value of a dimension; an empty code is "unknown". ``order`` sorts among its kind."""

    code: str
    name: str
    order: tuple[bool, KeyPart] = (False, "")


@dataclass(frozen=True, slots=True)
class _Registry:
    """Where a dimension's values live: the fields for code, name, normal form and order."""

    model: type[models.Model]
    code: str = "code"
    name: str = "name"
    spare_code: str = "code"
    order: str = "sort_key"

    def rows(self, keys: Collection[KeyPart] | None = None) -> Iterator[tuple[int, str, str, str]]:
        """Yield (id, code, name, sort key), of the given ids or of all."""
        found = self.model._default_manager.order_by()
        if keys is not None and len(keys) <= _MAX_IN:
            found = found.filter(pk__in=keys)
        fields = ("pk", self.code, self.spare_code, self.name, self.order)
        for pk, code, spare, name, order in found.values_list(*fields):
            yield pk, code or spare, name, order


_REGISTRIES: dict[str, _Registry] = {
    "partner": _Registry(Partner, code="uid", spare_code="uid"),
    "agreement": _Registry(Agreement, "number", "number", "number", order="number"),
    "audience": _Registry(Audience),
    "cluster": _Registry(Cluster),
    "standard": _Registry(OccupationalStandard, name="title", spare_code="uid"),
    "centre": _Registry(Centre, code="uid", spare_code="uid"),
    "centre_type": _Registry(CentreType),
    "county": _Registry(County, code="key", spare_code="key"),
    "province": _Registry(Province),
    "partner_kind": _Registry(PartnerKind),
}


@dataclass(frozen=True, slots=True)
class Slices:
    """What a query keeps: for each dimension the keys of the facts. Months are 1 to 12."""

    keys: dict[str, tuple[KeyPart, ...]]

    def in_year(self, year: int) -> tuple[tuple[str, tuple[KeyPart, ...]], ...]:
        """Return the slices as columns of facts with their keys, months being of ``year``."""
        return tuple(
            (
                DIMENSIONS[name].column,
                tuple(year * 100 + int(key) for key in keys) if name == "month" else keys,
            )
            for name, keys in sorted(self.keys.items())
        )


def resolve(where: Iterable[tuple[str, str]]) -> Slices:
    """Return the keys that (dimension, code or Persian name) pairs stand for.

    Raises ``FigureError`` for a value that no registry has.
    """
    keys: dict[str, set[KeyPart]] = {}
    for name, value in where:
        found = _find(name, value.strip())
        if not found:
            raise FigureError(
                _("“{value}” is not known as “{dimension}”.").format(value=value, dimension=name)
            )
        keys.setdefault(name, set()).update(found)
    return Slices({name: tuple(sorted(found, key=str)) for name, found in keys.items()})


def _find(name: str, value: str) -> set[KeyPart]:
    wanted = normal_key(value)
    missing = wanted in ("", normal_key(MISSING_NAME))
    if name == "month":
        return _find_month(value, wanted)
    if name == "education":
        return {""} if missing else _find_education(value)
    if name in _FIXED:
        fixed = {code for code, label in _FIXED[name].items() if _is(value, wanted, code, label)}
        return {""} if missing else set(fixed)
    if missing:
        return {0}
    return {
        pk
        for pk, code, label, _order in _REGISTRIES[name].rows()
        if _is(value, wanted, code, label)
    }


def _is(value: str, wanted: str, code: str, label: str) -> bool:
    return value == code or wanted in (normal_key(code), normal_key(label))


def _find_education(value: str) -> set[KeyPart]:
    """Return the keys of a level of education, with those of what rosters called it before.

    Facts of years before the list was closed have the words of their rosters.
    """
    words, wanted = education_words(), normal_key(value)
    level = words.name_of(value)
    found: set[KeyPart] = {
        code
        for code, label in warehouse.spellings("education").items()
        if code == wanted or (level and words.name_of(label) == level)
    }
    return found | ({normal_key(level)} if level else set())


def _find_month(value: str, wanted: str) -> set[KeyPart]:
    """Return the month of the year of a name (مرداد), a number (5) or a code (1397-05)."""
    by_name = {normal_key(label): number for number, label in enumerate(MONTH_NAMES, 1)}
    if wanted in by_name:
        return {by_name[wanted]}
    digits = "".join(mark for mark in to_ascii_digits(value) if mark.isdigit())
    number = int(digits[-2:] or 0)
    return {number} if len(digits) in (1, 2, 6) and 1 <= number <= 12 else set()


def named(
    by: tuple[str, ...], keys: Collection[Key], *, year: int
) -> dict[Key, tuple[DimensionValue, ...]]:
    """Return the values that keys of rows stand for, dimension by dimension."""
    values = [_values(name, {key[place] for key in keys}, year) for place, name in enumerate(by)]
    return {key: tuple(values[place][part] for place, part in enumerate(key)) for key in keys}


def _values(name: str, keys: set[KeyPart], year: int) -> dict[KeyPart, DimensionValue]:
    """Return each key's value; one that no registry has any more is unknown too."""
    found = dict(_known(name, keys, year))
    unknown = DimensionValue("", MISSING_NAME, (True, ""))
    return {key: found.get(key, unknown) for key in keys}


def _known(name: str, keys: set[KeyPart], year: int) -> Iterator[tuple[KeyPart, DimensionValue]]:
    if name == "month":
        for key in keys:
            month = int(key)
            code = month_code(year * 100 + month)
            yield key, DimensionValue(code, MONTH_NAMES[month - 1], (False, month))
    elif name == "education":
        for code, label in warehouse.spellings("education").items():
            if code:
                yield code, DimensionValue(code, label, (False, sort_key(label)))
    elif name in _FIXED:
        places = {code: place for place, code in enumerate(_FIXED[name])}
        for code, label in _FIXED[name].items():
            order: Any = places[code] if name == "age_band" else sort_key(label)
            yield code, DimensionValue(code, label, (False, order))
    else:
        for pk, code, label, order in _REGISTRIES[name].rows(keys):
            yield pk, DimensionValue(code, label, (False, order))


def keys_of(name: str) -> dict[str, KeyPart]:
    """Return the keys of a dimension that has a registry by the codes of its values."""
    return {code: pk for pk, code, _label, _order in _REGISTRIES[name].rows()}


def choices(name: str) -> list[DimensionValue]:
    """Return the values a filter may offer for a dimension, in Persian order.

    Months are those of a year, with two-digit codes.
    """
    if name == "month":
        return [
            DimensionValue(f"{number:02}", label, (False, number))
            for number, label in enumerate(MONTH_NAMES, 1)
        ]
    if name in _FIXED or name == "education":
        known = [value for _key, value in _known(name, set(), 0)]
    else:
        keys = _counties_of_use() if name == "county" else None
        known = [
            DimensionValue(code, label, (False, order))
            for _pk, code, label, order in _REGISTRIES[name].rows(keys)
        ]
    return sorted(known, key=lambda value: value.order)


def _counties_of_use() -> set[KeyPart]:
    """Return the counties of our province and others that centres lie in, of the nation's 485."""
    ours = models.Q(province__code=settings.PROVINCE_CODE) | models.Q(centres__isnull=False)
    return set(County.objects.filter(ours).order_by().values_list("pk", flat=True))

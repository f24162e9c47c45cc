"""What facts take from the registries, kept beside them so that a change there is noticed.

A fact row repeats its agreement's partner and level, its centre's type and county and its
standard's cluster and hours. When one of these is corrected, the months it touches are stale.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce

from tafahom.agreements.models import Agreement
from tafahom.parties.models import Centre
from tafahom.training.models import Course, OccupationalStandard


@dataclass(frozen=True, slots=True)
class Registry:
    """Attributes by primary key; a missing one is 0.

    ``agreements``: partner, level, kind of partner. ``centres``: type, county, province.
    ``standards``: cluster, minutes of the standard.
    """

    agreements: dict[int, tuple[Any, ...]]
    centres: dict[int, tuple[Any, ...]]
    standards: dict[int, tuple[Any, ...]]

    def digest(self) -> str:
        """Return a digest that differs when anything in the registries differs."""
        return hashlib.sha256(self.as_text().encode()).hexdigest()

    def as_text(self) -> str:
        """Return the registry as JSON, from which ``from_text`` makes it again."""
        return json.dumps(asdict(self), sort_keys=True)


def from_text(text: str) -> Registry:
    """Return the registry that ``Registry.as_text`` wrote."""
    parts = json.loads(text)
    return Registry(
        **{
            name: {int(key): tuple(row) for key, row in parts[name].items()}
            for name in ("agreements", "centres", "standards")
        }
    )


def read_registry() -> Registry:
    """Return the registries as the database has them now."""
    agreements = Agreement.objects.order_by().values_list(
        "id", "partner_id", "level", "partner__kind_id"
    )
    centres = Centre.objects.order_by().values_list(
        "id", "centre_type_id", "county_id", "province_id"
    )
    standards = (
        OccupationalStandard.objects.order_by()
        .annotate(
            minutes=Coalesce(
                F("total_minutes"),
                Coalesce(F("theory_minutes"), 0) + Coalesce(F("practice_minutes"), 0),
            )
        )
        .values_list("id", "cluster_id", "minutes")
    )
    return Registry(*(_by_key(rows) for rows in (agreements, centres, standards)))


def _by_key(rows: Any) -> dict[int, tuple[Any, ...]]:
    return {pk: tuple(value or 0 for value in row) for pk, *row in rows}


def months_touched(before: Registry, after: Registry) -> set[int]:
    """Return the end months of courses whose agreement, centre or standard has changed."""
    months: set[int] = set()
    for name, field in (
        ("agreements", "agreement_id"),
        ("centres", "centre_id"),
        ("standards", "standard_id"),
    ):
        old, new = getattr(before, name), getattr(after, name)
        changed = [pk for pk, row in old.items() if pk in new and new[pk] != row]
        for start in range(0, len(changed), 500):
            some = changed[start : start + 500]
            found = Course.objects.filter(**{f"{field}__in": some}).order_by()
            months.update(found.values_list("end_month", flat=True).distinct())
    return months

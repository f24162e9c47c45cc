"""Commitments as figures compare with them: of closed months as they were at the closing.

Agreements go on to be signed, amended and terminated during a year, and a commitment is of the
whole year. What a figure through a closed month was compared with is therefore read from the table
of that month (``periods.MonthTable``), and asked anew when the month is corrected.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from tafahom.agreements.models import Agreement, Level
from tafahom.agreements.promises.of_agreement import AgreementPromises
from tafahom.figures.catalogue import COMMITMENT_DIMENSIONS
from tafahom.figures.commitments import Committed, committed, committed_by, comparable
from tafahom.figures.members import Key, Slices
from tafahom.figures.scope import holds_whole_agreements
from tafahom.jalali import MonthSpan
from tafahom.periods.queries import table_rows
from tafahom.scoping import current_scope, everything

_FIELDS = {
    "partner": "partner_id",
    "level": "level",
    "agreement": "pk",
    "partner_kind": "partner__kind_id",
}
# By agreement.
_Kept = dict[int, Committed]


def _looks_at_the_nation() -> bool:
    """Whether more than one province's agreements are looked at together.

    A table is of one province: what no province carries of a national commitment is not in it.
    """
    if not current_scope().is_everything:
        return False
    with everything("how many provinces have agreements"):
        return Agreement.objects.order_by().values("province").distinct().count() > 1


@dataclass(frozen=True, slots=True)
class Promises:
    """What figures of a period compare with.

    ``at_hand`` is what the one agreement promises that the slices are of, where it was read.
    """

    period: MonthSpan
    slices: Slices
    kept: dict[int, _Kept]
    at_hand: AgreementPromises | None = None
    looks_at_the_nation: Callable[[], bool] = _looks_at_the_nation

    @classmethod
    def of(cls, period: MonthSpan, slices: Slices) -> "Promises":
        """Read what a closed month keeps, in one query."""
        return cls.of_each([period], slices)[0]

    @classmethod
    def of_each(
        cls,
        periods: Sequence[MonthSpan],
        slices: Slices,
        at_hand: AgreementPromises | None = None,
    ) -> list["Promises"]:
        """Read what closed months keep for several periods, in one query."""
        is_of_agreements = slices.keys.keys() <= COMMITMENT_DIMENSIONS and holds_whole_agreements()
        months = {_last_month(period) for period in periods}
        kept = _kept(months) if is_of_agreements else {}
        at_hand = comparable(at_hand) if at_hand else None
        nation = cache(_looks_at_the_nation)
        return [
            cls(period, slices, kept.get(_last_month(period), {}), at_hand, nation)
            for period in periods
        ]

    def rows_and_total(self, *names: str) -> tuple[dict[Key, Committed], Committed | None]:
        """Return commitments by the keys of dimensions, and those of all together.

        An agreement is in one group of each dimension that it has, so the groups add up to the
        total. Only where the dimensions are finer than an agreement is the total asked for alone.
        """
        rows = self.by(*names)
        if set(names) <= COMMITMENT_DIMENSIONS:
            return rows, _sum(rows.values())
        return rows, self.by().get(())

    def by(self, *names: str) -> dict[Key, Committed]:
        """Return commitments by the keys of dimensions, as ``commitments.committed`` does.

        Agreements of a province whose last month of the period is closed count as they did then.
        """
        if not self.kept or not set(names) <= COMMITMENT_DIMENSIONS:
            return self._now(names)
        now = self._now(("agreement",))
        found: dict[Key, list[Committed]] = defaultdict(list)
        for pk, province_id, level, *key in self._agreements(names):
            is_kept = province_id in self.kept and not (
                level == Level.NATIONAL and self.looks_at_the_nation()
            )
            one = self.kept[province_id].get(pk) if is_kept else now.get((pk,))
            if one is not None:
                found[tuple(key)].append(one)
        return {key: _sum(several) for key, several in found.items()}

    def _now(self, names: tuple[str, ...]) -> dict[Key, Committed]:
        """Return commitments by the keys of dimensions as they are, whatever is closed."""
        year, on = self.period.year, self.period.end
        if self.at_hand and set(names) <= {"agreement"}:
            return committed_by(self.at_hand, year=year, on=on, by=names)
        return committed(names, self.slices, year=year, on=on)

    def _agreements(self, names: tuple[str, ...]) -> Iterable[tuple[Any, ...]]:
        """Return id, province and level of the agreements of the slices, and their keys."""
        if self.at_hand and set(names) <= {"agreement"}:
            one = self.at_hand.agreement
            return [(one.pk, one.province_id, one.level, *(one.pk for _name in names))]
        wanted = {f"{_FIELDS[name]}__in": keys for name, keys in self.slices.keys.items()}
        fields = [_FIELDS[name] for name in names]
        rows = Agreement.objects.filter(**wanted).order_by()
        return rows.values_list("pk", "province", "level", *fields)


def is_kept(period: MonthSpan) -> bool:
    """Whether figures of a period compare with what a closed month keeps of what is seen."""
    scope, month = current_scope(), _last_month(period)
    kept = {province_id for (province_id, _month), _key, _values in table_rows([month], "")}
    return bool(kept if scope.is_everything else kept & scope.provinces)


def _last_month(period: MonthSpan) -> int:
    return period.year * 100 + period.through_month


def _kept(months: Collection[int]) -> dict[int, dict[int, _Kept]]:
    """Return by month and province, of those that are closed, what was kept of each agreement."""
    found: dict[int, dict[int, _Kept]] = {}
    for (province_id, month), key, values in table_rows(months, "agreement"):
        by_agreement = found.setdefault(month, {}).setdefault(province_id, {})
        persons, hours = values.get("committed_persons"), values.get("committed_person_hours")
        if key and (persons or hours):
            by_agreement[int(key)] = Committed(persons, hours)
    return found


def _sum(several: Iterable[Committed]) -> Committed:
    def total(values: Iterable[Any]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    several = list(several)
    return Committed(
        total(one.persons for one in several), total(one.person_hours for one in several)
    )

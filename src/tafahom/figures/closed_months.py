"""The figures of a closed month by everything they can be split by, and whether they moved.

A course belongs to the month of its end, so these are figures by the end of the course, as one
sees them who has the whole province. Person-hours stand by each basis.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TypeAlias

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tafahom.figures import members, warehouse
from tafahom.figures.catalogue import (
    BASIS_LABELS,
    COMMITMENT_DIMENSIONS,
    DIMENSIONS,
    MEASURES,
    MISSING_NAME,
)
from tafahom.figures.kept import Promises
from tafahom.figures.queries import delivered_by_key
from tafahom.figures.rules import BASES
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan, month_code, month_title, split_month
from tafahom.periods import models
from tafahom.periods.models import MonthTable
from tafahom.periods.queries import settled_months
from tafahom.periods.rules import Moved, moved_figures, table_digest
from tafahom.scoping import Scope, everything, scoped_to

# A dimension and the key of a group in it; both empty for the whole.
MonthGroup: TypeAlias = tuple[str, str]
HOURS = "person_hours"
# Of the other bases only the hours differ.
_BASIS, *_OTHERS = BASES
_OTHER_BASES = {basis: f"{HOURS}.{basis}" for basis in _OTHERS}
# Those hours follow from courses and standards: who is in which group is told by all else.
_BY_OTHER_BASES = ("", "agreement", "standard")


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """The figures of a month by dimension and key (both empty: the whole), with their measures.

    What is nothing is left out.
    """

    groups: dict[MonthGroup, dict[str, float]]
    measures: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What tells these figures from any others."""
        return table_digest(self.groups, self.measures)


def measure_names() -> tuple[str, ...]:
    """Return what is compared: the catalogue's measures, and hours by other bases.

    Percentages are not: they follow from what is.
    """
    counted = (name for name, measure in MEASURES.items() if measure.unit != "percent")
    return (*counted, *_OTHER_BASES.values())


def figures_to_keep(period: models.Period) -> MonthFigures:
    """Return the figures of a month that was just closed, from facts that are built again.

    They are compared with what agreements promise now, also where the month has a table already.
    """
    warehouse.rewrite([period.month])
    return figures_of_months(period.province_id, [period.month], anew=True)[period.month]


def month_figures(period: models.Period) -> MonthFigures:
    """Return the figures of a month of a province as reports show them now."""
    return figures_of_months(period.province_id, [period.month])[period.month]


def figures_of_months(
    province_id: int, months: Collection[int], *, anew: bool = False
) -> dict[int, MonthFigures]:
    """Return the figures of months of one Solar Hijri year; as many questions as for one month.

    ``anew`` asks what agreements promise now also where a month has its table (``kept``).
    """
    found: dict[int, dict[MonthGroup, dict[str, float]]] = {month: {} for month in months}
    warehouse.refresh()
    # Tables of closed months are exact: what is kept is compared, and shown by other rules.
    with scoped_to(Scope(provinces=frozenset({province_id}), sees_statuses=True)):
        promises = _promises(months, anew)
        for dimension in ("", *(name for name in DIMENSIONS if name != "month")):
            for month, group, values in (
                *_delivered(months, dimension),
                *_committed(promises, dimension),
            ):
                if month in found and values:
                    found[month].setdefault(group, {}).update(values)
    return {month: MonthFigures(groups, measure_names()) for month, groups in found.items()}


def _delivered(
    months: Collection[int], dimension: str
) -> Iterator[tuple[int, MonthGroup, dict[str, float]]]:
    """Yield month, group and measures of what was delivered, hours of other bases apart."""
    year, first = split_month(min(months))
    last = max(months) % 100
    by = (dimension, "month") if dimension else ("month",)
    for basis in BASES if dimension in _BY_OTHER_BASES else (_BASIS,):
        query = FigureQuery(year=year, from_month=first, through_month=last, by=by, basis=basis)
        for key, values in delivered_by_key(query).items():
            if basis in _OTHER_BASES:
                values = {_OTHER_BASES[basis]: values[HOURS]}
            group = dimension, str(key[0]) if dimension else ""
            there = {name: value for name, value in values.items() if value}
            yield year * 100 + int(key[-1]), group, there


def _promises(months: Collection[int], anew: bool) -> dict[int, Promises]:
    """Return what months compare with: what their tables keep, or else what is promised now."""
    all_of_it = members.Slices({})
    periods = [MonthSpan(year, number, number) for year, number in map(split_month, months)]
    if anew:
        compared = [Promises(period, all_of_it, {}) for period in periods]
    else:
        compared = Promises.of_each(periods, all_of_it)
    return dict(zip(months, compared, strict=True))


def _committed(
    promises: Mapping[int, Promises], dimension: str
) -> Iterator[tuple[int, MonthGroup, dict[str, float]]]:
    """Yield month, group and what was promised for the year, as in force at the month's end."""
    if dimension and dimension not in COMMITMENT_DIMENSIONS:
        return
    for month, compared in promises.items():
        for key, promise in compared.by(*((dimension,) if dimension else ())).items():
            group = dimension, str(key[0]) if dimension else ""
            there = {f"committed_{name}": value for name, value in asdict(promise).items() if value}
            yield month, group, there


def group_names(period: models.Period, figures: MonthFigures) -> dict[MonthGroup, str]:
    """Return what each group of a month's figures is called now."""
    with everything("names of what is counted, whoever may see it"):
        return {
            group: name
            for dimension in DIMENSIONS
            for group, name in _names(period.month // 100, dimension, figures)
        }


def _names(year: int, dimension: str, figures: MonthFigures) -> Iterator[tuple[MonthGroup, str]]:
    texts = [key for of, key in figures.groups if of == dimension]
    keys: list[members.Key] = [(_key(dimension, text),) for text in texts]
    named = members.named((dimension,), keys, year=year)
    for text, key in zip(texts, keys, strict=True):
        yield (dimension, text), named[key][0].name


def _key(dimension: str, text: str) -> members.KeyPart:
    return text if dimension in members.TEXTS else int(text)


@dataclass(frozen=True, slots=True)
class MonthComparison:
    """A closed month whose figures were compared with its table.

    ``table`` is None where none was ever written. ``is_whole`` says that the table itself is as
    it was written. ``names`` tell what the groups were called, or are.
    """

    period: models.Period
    table: MonthTable | None
    moved: list[Moved]
    is_whole: bool
    names: dict[MonthGroup, str]

    @property
    def has_moved(self) -> bool:
        """Whether figures are not what the month's table says, or that was changed."""
        return bool(self.moved) or not self.is_whole

    def describe(self, moved: Moved) -> str:
        """Return a sentence of a figure that moved, in the reader's language."""
        said = _("{month}, {group}, {measure}: was {was}, is {now}.")
        group = _("the whole month")
        if moved.dimension:
            name = self.names.get((moved.dimension, moved.key)) or MISSING_NAME
            group = f"{DIMENSIONS[moved.dimension].label} “{name}”"
        measure, _dot, basis = moved.measure.partition(".")
        label = str(MEASURES[measure].label)
        return said.format(
            month=self.title,
            group=group,
            measure=f"{label} ({BASIS_LABELS[basis]})" if basis else label,
            was=_shown(moved.was),
            now=_shown(moved.now),
        )

    @property
    def title(self) -> str:
        """The month as the reader's language writes it."""
        title = month_title if get_language() == "fa" else month_code
        return title(self.period.month)


def _shown(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def compare(period: models.Period) -> MonthComparison:
    """Compare the figures of a closed month with the latest version of its table."""
    return _compare(period, month_figures(period))


def compare_all() -> Iterator[MonthComparison]:
    """Compare every closed month that is not being corrected, year by year, the latest first.

    Facts of closed months are built again first: what got past the notes of changes is seen too.
    """
    years: dict[tuple[int, int], list[models.Period]] = defaultdict(list)
    for period in settled_months():
        years[period.province_id, period.month // 100].append(period)
    if years:
        warehouse.rewrite({one.month for periods in years.values() for one in periods})
    for (province_id, _year), periods in years.items():
        now = figures_of_months(province_id, [one.month for one in periods])
        for period in periods:
            yield _compare(period, now[period.month])


def _compare(period: models.Period, now: MonthFigures) -> MonthComparison:
    table = period.tables.first()
    if table is None:
        return MonthComparison(period, None, [], is_whole=True, names={})
    rows = list(table.rows.values_list("dimension", "key", "name", "values"))
    was = {(dimension, key): values for dimension, key, _name, values in rows}
    moved = moved_figures(was, now.groups, [one for one in table.measures if one in now.measures])
    names = {(dimension, key): name for dimension, key, name, _values in rows}
    is_whole = table_digest(was, table.measures) == table.digest
    if moved:
        names = group_names(period, now) | names
    return MonthComparison(period, table, moved, is_whole, names)

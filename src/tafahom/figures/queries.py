"""Figures for a period: the one door to counts of persons, hours and realisation."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from django.utils.translation import gettext as _

from tafahom.figures import engine, members, warehouse
from tafahom.figures.catalogue import DIMENSIONS, MEASURES
from tafahom.figures.commitments import Committed
from tafahom.figures.context import FigureContext
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.disclosure.guard import ALL_HIDDEN, Guard, Question, guard
from tafahom.figures.kept import Promises
from tafahom.figures.members import DimensionValue, Key
from tafahom.figures.rules import (
    ATTRIBUTIONS,
    BASES,
    FigureError,
    growth,
    hours,
    percent,
)
from tafahom.figures.schema import MEASURE_COLUMNS
from tafahom.figures.tables import FigureQuery, FigureRow, FigureTable, Number
from tafahom.jalali import MonthSpan
from tafahom.scoping import current_scope

# What figures of periods compare with.
Compared: TypeAlias = Mapping[MonthSpan, Promises]


def figures(query: FigureQuery) -> FigureTable:
    """Return the figures of a query from facts that are up to date, of what is in the scope.

    From who may not see statuses in the whole scope, rows are hidden (``disclosure``). Raises
    ``FigureError`` for a period, dimension, value, basis or attribution that does not exist, and its
    kind ``NotOfferedError`` for a question that the asker may not put.
    """
    _check(query)
    with warehouse.fresh_for_all():  # values of some dimensions are those of the facts
        return figures_in(FigureContext(members.resolve(query.where)), [query])[0]


def figures_in(context: FigureContext, queries: Sequence[FigureQuery]) -> list[FigureTable]:
    """Return the figures of queries of one context, as ``figures`` does.

    Their ``where`` is what the context says. However many there are, registers and closed months
    are asked as for one.
    """
    found = _found(context, queries)
    named = _named(found)
    return [_table(one, named[one.query.by, one.query.year]) for one in found]


def rows_in(context: FigureContext, query: FigureQuery) -> dict[Key, FigureRow]:
    """Return the rows of ``figures_in`` by the facts' own keys, months being 1 to 12.

    For who knows what the keys stand for: they are not named, and have no order.
    """
    return _rows(_found(context, [query])[0])


@dataclass(frozen=True, slots=True)
class _Found:
    """What was measured and what is hidden of a query, by keys that have no names yet."""

    query: FigureQuery
    guards: tuple[Guard, Guard | None]
    now: "_Measured"
    before: "_Measured | None"
    keys: set[Key]


_Names: TypeAlias = Mapping[Key, tuple[DimensionValue, ...]]


def _found(context: FigureContext, queries: Sequence[FigureQuery]) -> list[_Found]:
    for query in queries:
        _check(query)
    warehouse.refresh()
    compared = context.compared(
        period for query in queries if query.has_commitments for period in query.periods
    )
    return [_find(query, context, compared) for query in queries]


def _find(query: FigureQuery, context: FigureContext, compared: Compared) -> _Found:
    guards, now, before = _measure_guarded(query, context, compared)
    keys = {*now.rows, *(before.rows if before else ())}
    if query.by:
        keys.update(*(one.rows for one in guards if one))
    return _Found(query, guards, now, before, keys)


def _named(found: Sequence[_Found]) -> dict[tuple[tuple[str, ...], int], _Names]:
    """Return the values that keys stand for, by the dimensions and the year of their queries."""
    keys: dict[tuple[tuple[str, ...], int], set[Key]] = defaultdict(set)
    for one in found:
        keys[one.query.by, one.query.year] |= one.keys
    return {(by, year): members.named(by, of, year=year) for (by, year), of in keys.items()}


def _table(found: _Found, named: _Names) -> FigureTable:
    rows = _rows(found)
    keys = sorted(rows, key=lambda key: [value.order for value in named[key]])
    by = found.query.by
    return FigureTable(
        query=found.query,
        as_of=dt.datetime.now(dt.UTC),
        total=_total(found),
        rows=[replace(rows[key], dims=dict(zip(by, named[key], strict=True))) for key in keys],
    )


def _rows(found: _Found) -> dict[Key, FigureRow]:
    now, before = found.now, found.before
    nothing = _values((0,) * len(MEASURE_COLUMNS), None)
    return {
        key: _row(
            now.rows.get(key, nothing),
            before.rows.get(key, nothing) if before else None,
            hidden=tuple(one is not None and one.hides(key) for one in found.guards),
        )
        for key in found.keys
    }


def _total(found: _Found) -> FigureRow:
    hidden = tuple(one is not None and one.total for one in found.guards)
    return _row(found.now.total, found.before.total if found.before else None, hidden=hidden)


def offers(query: FigureQuery) -> bool:
    """Whether the asker may put a question; it is asked for nothing. Raises ``FigureError`` as ``figures``."""
    _check(query)
    try:
        _guards(query, FigureContext(members.resolve(query.where)))
    except NotOfferedError:
        return False
    return True


def hidden_in_any_month(query: FigureQuery, context: FigureContext) -> frozenset[Key]:
    """Return the keys of what a query splits by that is hidden through any of its months.

    ``query`` starts with the first month; its ``where`` is what the context says. Raises as
    ``figures``.
    """
    _check(query)
    warehouse.refresh()
    months = range(1, query.through_month + 1)
    guards = [_guards(replace(query, through_month=month), context)[0] for month in months]
    return frozenset[Key]().union(*(one.rows for one in guards))


def untrained(values: dict[str, Number]) -> int:
    """Return how many persons were enrolled and have no credited minute."""
    return int(values["enrolled_persons"] or 0) - int(values["persons"] or 0)


def delivered_by_key(query: FigureQuery) -> dict[Key, dict[str, Number]]:
    """Return what was delivered of each group by the facts' own key; nothing of it is promised.

    For who compares figures of two times: names may change meanwhile, keys do not. The facts are
    taken as they are: ``warehouse.refresh`` is the caller's, who asks many such questions. Raises
    ``FigureError`` as ``figures`` does.
    """
    _check(query)
    if not current_scope().sees_statuses:
        raise NotOfferedError(_("Figures of closed months are compared for who may see statuses."))
    plan = _plan(query, query.year, FigureContext(members.resolve(query.where)))
    _whole, groups = warehouse.ask(replace(plan, has_whole=False))
    return {_row_key(query.by, key): _values(values, None) for key, values in groups.items()}


def years(*, is_fresh: bool = False) -> list[int]:
    """Return the Solar Hijri years that have figures, latest first.

    ``is_fresh`` says that the caller has asked for figures already: facts are not checked again.
    """
    if not is_fresh:
        warehouse.refresh()
    return sorted({month // 100 for month in warehouse.months()}, reverse=True)


fresh_for_all = warehouse.fresh_for_all


def latest_period() -> MonthSpan | None:
    """Return the latest year with figures, from its first month through its last with any."""
    warehouse.refresh()
    months = warehouse.months()
    if not months:
        return None
    year, month = divmod(max(months), 100)
    return MonthSpan(year, 1, month)


def _check(query: FigureQuery) -> None:
    """Raise ``FigureError`` for a query whose words are unknown; values are checked later."""
    if not 1300 <= query.year <= 1600:
        raise FigureError(_("The year must be a Solar Hijri year, such as 1397."))
    if not 1 <= query.from_month <= query.through_month <= 12:
        raise FigureError(_("The months must be between 1 and 12, the first not after the last."))
    for name in (*query.by, *(name for name, _value in query.where)):
        if name not in DIMENSIONS:
            raise FigureError(
                _("“{name}” is no dimension. Choose from: {names}").format(
                    name=name, names=", ".join(DIMENSIONS)
                )
            )
    if len(set(query.by)) != len(query.by):
        raise FigureError(_("A dimension may be given once only."))
    if query.basis not in BASES:
        raise FigureError(_("The basis must be one of: {names}").format(names=", ".join(BASES)))
    if query.attribution not in ATTRIBUTIONS:
        raise FigureError(
            _("The attribution must be one of: {names}").format(names=", ".join(ATTRIBUTIONS))
        )


@dataclass(slots=True)
class _Measured:
    """Values of one year's months: the total, and the rows by their keys."""

    total: dict[str, Number]
    rows: dict[Key, dict[str, Number]]


def _measure(
    query: FigureQuery, period: MonthSpan, context: FigureContext, compared: Compared
) -> _Measured:
    """Return the measures of a period of the query, and the commitments it compares with."""
    total, groups = warehouse.ask(_plan(query, period.year, context))
    promises: Mapping[Key, Committed] = {}
    whole = None
    if query.has_commitments:
        promises, whole = compared[period].rows_and_total(*query.by)
    delivered = {_row_key(query.by, key): values for key, values in groups.items()}
    nothing = (0,) * len(MEASURE_COLUMNS)
    rows = {
        key: _values(delivered.get(key, nothing), promises.get(key))
        for key in delivered.keys() | promises.keys()
    }
    return _Measured(total=_values(total, whole), rows=rows if query.by else {})


def _plan(query: FigureQuery, year: int, context: FigureContext) -> engine.Plan:
    """Return the question of the query's months in ``year`` to the facts, within what is seen."""
    return engine.Plan(
        month_column=f"{query.attribution}_month",
        first=year * 100 + query.from_month,
        last=year * 100 + query.through_month,
        by=tuple(DIMENSIONS[name].column for name in query.by),
        where=context.slices.in_year(year),
        basis=query.basis,
        within=context.asker.within,
    )


def _row_key(by: tuple[str, ...], key: Key) -> Key:
    """Return the key of a group with months of any year reduced to 1…12, to compare years."""
    return tuple(
        int(part) % 100 if name == "month" else part for name, part in zip(by, key, strict=True)
    )


def _values(measured: tuple[int, ...], promise: Committed | None) -> dict[str, Number]:
    """Return every measure of the catalogue, in its order."""
    values: dict[str, Number] = dict(zip(MEASURE_COLUMNS, measured, strict=True))
    values["person_hours"] = hours(int(values.pop("person_minutes") or 0))
    persons = promise.persons if promise else None
    person_hours = promise.person_hours if promise else None
    values["committed_persons"] = persons
    values["committed_person_hours"] = person_hours
    values["realisation_persons"] = percent(values["persons"] or 0, persons)
    values["realisation_person_hours"] = percent(values["person_hours"] or 0, person_hours)
    return {name: values[name] for name in MEASURES}


def _measure_guarded(
    query: FigureQuery, context: FigureContext, compared: Compared
) -> tuple[tuple[Guard, Guard | None], _Measured, _Measured | None]:
    """Return what is hidden and what was measured, both of the same facts."""
    while True:
        version = warehouse.version()
        guards = _guards(query, context)
        now, *before = (_measure(query, period, context, compared) for period in query.periods)
        if warehouse.version() == version:
            return guards, now, before[0] if before else None


def _guards(query: FigureQuery, context: FigureContext) -> tuple[Guard, Guard | None]:
    """Return what is hidden of the query's year and, where it compares, of the year before."""

    def of_year(year: int) -> Guard:
        return guard(
            Question(
                by=query.by,
                where=context.slices.keys,
                year=year,
                from_month=query.from_month,
                through_month=query.through_month,
                attribution=query.attribution,
            ),
            context.asker,
        )

    now = of_year(query.year)
    if not query.compare_last_year:
        return now, None
    try:
        return now, of_year(query.year - 1)
    except NotOfferedError:
        return now, ALL_HIDDEN


def _row(
    now: dict[str, Number],
    before: dict[str, Number] | None,
    *,
    hidden: Sequence[bool],
) -> FigureRow:
    """Return one row without its dims, compared with the year before where that is given.

    ``hidden`` says whether this year's figures are, and last year's.
    """
    now = _without_delivered(now) if hidden[0] else now
    if before is None:
        return FigureRow(dims={}, values=now, is_hidden=hidden[0])
    before = _without_delivered(before) if hidden[1] else before
    grown = {
        name: growth(now[name], before[name])
        for name, measure in MEASURES.items()
        if not measure.is_committed
    }
    return FigureRow(
        dims={},
        values=now,
        previous=before,
        growth=grown,
        is_hidden=hidden[0],
        is_previous_hidden=hidden[1],
    )


def _without_delivered(values: dict[str, Number]) -> dict[str, Number]:
    """Return the figures of a hidden row: what was promised is no secret."""
    promised = ("committed_persons", "committed_person_hours")
    return {name: values[name] if name in promised else None for name in values}

"""Which rows of an answer are hidden from the asker: a look-up in the stored patterns."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from tafahom.agreements.models import Agreement
from tafahom.agreements.queries import revealing_agreements
from tafahom.figures.disclosure import family, patterns
from tafahom.figures.disclosure.names import WHOLE_YEAR
from tafahom.figures.disclosure.slices import SliceKey
from tafahom.figures.scope import Within, within
from tafahom.parties.queries import revealing_centre_types, revealing_centres, revealing_partners
from tafahom.scoping import current_scope, everything
from tafahom.training.models import Course

AskedPart: TypeAlias = int | str


@dataclass(frozen=True, slots=True)
class Guard:
    """What is hidden of one year's answer: rows by their keys, the total."""

    rows: frozenset[SliceKey] = frozenset()
    total: bool = False
    is_whole: bool = False

    def hides(self, key: SliceKey) -> bool:
        """Whether a row is hidden."""
        return self.is_whole or key in self.rows


NOTHING_HIDDEN = Guard()
ALL_HIDDEN = Guard(total=True, is_whole=True)


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the figures, in the facts' own keys; ``months`` are of ``year``."""

    by: tuple[str, ...]
    where: Mapping[str, tuple[AskedPart, ...]]
    year: int
    from_month: int
    through_month: int
    attribution: str


class Asker:
    """What who asks is confined to, read once for all questions that are put in one scope."""

    @cached_property
    def within(self) -> Within | None:
        """The columns of facts and the ids that may be seen (``scope.within``)."""
        return within()

    @cached_property
    def confinement(self) -> dict[str, tuple[int, ...]] | None:
        """The columns and ids of the parts that are seen; None where none of them reveals.

        Raises NotOfferedError where several kinds of parts are seen together, one revealing.
        """
        return _confinement(self.within)

    @cached_property
    def agreements(self) -> tuple[int, ...]:
        """The agreements of the parts that are seen."""
        return tuple(_agreements(self.confinement or {}))


def guard(question: Question, asker: Asker) -> Guard:
    """Return what is hidden of an answer; nothing from who may see statuses.

    The facts are up to date. Raises NotOfferedError for a question that the asker may not put.
    """
    if current_scope().sees_statuses:
        return NOTHING_HIDDEN
    confined = asker.confinement
    if confined is None and "audience" not in {*question.by, *question.where}:
        return NOTHING_HIDDEN
    confined = confined or {}
    if confined.keys() == {"partner"} and "agreement" in {*question.by, *question.where}:
        # An agreement is of one partner: to say which adds nothing.
        confined = {"agreement": asker.agreements}
    where = {name: set(values) for name, values in question.where.items()}
    for name, values in confined.items():
        where[name] = where[name] & set(values) if name in where else set(values)
    united = _united(question)
    if united - {*question.by}:
        raise family.NotOfferedError(family.not_together())
    rows = _table(question, {*question.by, *where})
    total = _table(question, set(where))
    if rows is None and total is None:
        return NOTHING_HIDDEN
    hidden: set[SliceKey] = set()
    is_total = bool(united)
    for pattern in patterns.patterns_of(question.year):
        if "province" in where and pattern.province not in where["province"]:
            continue
        if rows in family.OF_CLOSED_YEARS and not pattern.is_closed:
            raise family.NotOfferedError(family.not_closed())
        if rows is not None:
            hidden.update(_rows(pattern, rows, question, where))
        if total is not None:
            is_total = is_total or any(_matching(pattern, total, question, where))
    return Guard(frozenset(hidden), is_total)


def _united(question: Question) -> set[str]:
    """Return the dimensions of which a filter takes several values, one of which may reveal.

    The people of two together, less those of each, are who was with both: often one or two.
    """
    several = {
        name
        for name in family.REVEALING.intersection(question.where)
        if len(question.where[name]) > 1
    }
    return {name for name in several if _may_reveal(name, question.where[name])}


def _may_reveal(dimension: str, values: tuple[AskedPart, ...]) -> bool:
    known = {
        "partner": revealing_partners,
        "agreement": revealing_agreements,
        "centre": revealing_centres,
        "centre_type": revealing_centre_types,
    }.get(dimension)
    return known is None or bool(known().intersection(values))


def _table(question: Question, dimensions: Collection[str]) -> family.TableDimensions | None:
    """Return the table that a question by these dimensions is answered from; None if it is exact."""
    found = frozenset(dimensions)
    if not family.is_revealing(found):
        return None
    asked = family.Asked(
        dimensions=found,
        attribution=question.attribution,
        is_cumulative=question.from_month == 1,
        is_whole_year=(question.from_month, question.through_month) == (1, 12),
    )
    return family.table_of(asked)


def _rows(
    pattern: patterns.Pattern,
    table: family.TableDimensions,
    question: Question,
    where: Mapping[str, Collection[AskedPart]],
) -> Iterable[SliceKey]:
    """Yield the keys of the answer's rows that a hidden cell is part of."""
    for key in _matching(pattern, table, question, where):
        values = dict(zip(table, key, strict=True)) | {"province": pattern.province}
        yield tuple(values[name] for name in question.by)


def _matching(
    pattern: patterns.Pattern,
    table: family.TableDimensions,
    question: Question,
    where: Mapping[str, Collection[AskedPart]],
) -> Iterable[SliceKey]:
    """Yield the hidden keys of a table that a question's filters keep."""
    through = WHOLE_YEAR if table in family.OF_CLOSED_YEARS else question.through_month
    kept = [(place, where[name]) for place, name in enumerate(table) if name in where]
    for key in pattern.keys(table, through):
        if all(key[place] in values for place, values in kept):
            yield key


def _confinement(seen: Within | None) -> dict[str, tuple[int, ...]] | None:
    if seen is None:
        return {}
    columns = dict(seen)
    if columns.keys() == {"province"}:
        return columns
    if not columns.keys() & {"centre", "course"} and not _reveals(columns):
        return None
    if columns.keys() == {"partner"}:
        return columns
    if columns.keys() <= {"partner", "agreement"}:
        return {"agreement": tuple(_agreements(columns))}
    raise family.NotOfferedError(family.not_combined())


def _reveals(columns: Mapping[str, tuple[int, ...]]) -> bool:
    """Whether partners or agreements that one is confined to reveal a status, or their centres do."""
    if "province" in columns:
        return True
    with everything("whether any agreement of a body reveals a status"):
        agreements = _agreements(columns)
        if revealing_agreements().intersection(agreements):
            return True
        held = Course.objects.filter(agreement__in=agreements, centre__in=revealing_centres())
        return held.exists()


def _agreements(columns: Mapping[str, tuple[int, ...]]) -> list[int]:
    found = Agreement.objects.filter(partner__in=columns.get("partner", ())).order_by()
    return sorted({*found.values_list("pk", flat=True), *columns.get("agreement", ())})

"""Deciding which cells of a province's year are hidden, by what was decided and read before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tafahom.figures.disclosure.crossings import CROSSINGS, crossed, is_told
from tafahom.figures.disclosure.names import Contract, Decided, Name
from tafahom.figures.disclosure.slices import Enrolments, Revealing, revealing_slices
from tafahom.figures.disclosure.tables import year_system


@dataclass(frozen=True, slots=True)
class CellDecisions:
    """What is decided of every published cell; ``unmet`` counts needs that could not be met."""

    cells: Mapping[Name, Decided]
    unmet: int


def decide(
    enrolments: Sequence[Enrolments],
    *,
    revealing: Revealing,
    others: Iterable[Contract] = (),
    is_closed: bool = False,
    before: Mapping[Name, Decided] | None = None,
) -> CellDecisions:
    """Return what is decided of a year; there is at least one enrolment.

    What has not changed stays as it was in ``before``. Where that would give away what is few now,
    cells that were shown may be hidden. None that was hidden is shown while its count is the same:
    two patterns of the same figures tell what neither of them does.
    """
    # The solver: a seventh of a second.
    from tafahom.figures.disclosure.suppression import suppress, suppress_told

    others, before = tuple(others), before or {}
    telling = revealing_slices(enrolments, ("partner",), revealing)
    partners = {int(partner) for (partner,) in telling}

    def choose(decided: Mapping[Name, Decided]) -> CellDecisions:
        made = year_system(
            enrolments,
            revealing=revealing,
            others=others,
            is_closed=is_closed,
            decided=decided,
        )
        chosen = suppress(made.system)
        places, unmet = chosen.hidden, len(chosen.unmet)
        for columns in CROSSINGS if is_closed else ():
            crossing = suppress_told(crossed(made, places, enrolments, columns, partners), is_told)
            places |= {at for at in crossing.hidden if at < len(made.names)}
            unmet += len(crossing.unmet)
        hidden = {made.names[at] for at in places}
        cells = {
            name: _decided(count, before.get(name), is_hidden=name in hidden)
            for name, count in made.counts().items()
        }
        return CellDecisions(cells, unmet)

    kept = choose(before)
    if not kept.unmet or not before:
        return kept
    loosened = choose({name: one.loosened for name, one in before.items()})
    return loosened if loosened.unmet < kept.unmet else kept


def _decided(count: int, before: Decided | None, *, is_hidden: bool) -> Decided:
    last = before.last_shown if before else None
    return Decided(count, is_hidden, last if is_hidden else count)

"""Deciding which cells of a province's year are hidden, by what was decided and read before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tafahom.figures.disclosure.names import Contract, Decided, Name
from tafahom.figures.disclosure.slices import Enrolments, Revealing
from tafahom.figures.disclosure.tables import year_system


@dataclass(frozen=True, slots=True)
class Decision:
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
) -> Decision:
    """Return what is decided of a year; there is at least one enrolment.

    What has not changed stays as it was in ``before``. Where that would give away what is few now,
    cells that were shown may be hidden. None that was hidden is shown while its count is the same:
    two patterns of the same figures tell what neither of them does.
    """
    from tafahom.figures.disclosure.suppression import suppress  # the solver: a seventh of a second

    others, before = tuple(others), before or {}

    def choose(decided: Mapping[Name, Decided]) -> Decision:
        made = year_system(
            enrolments,
            revealing=revealing,
            others=others,
            is_closed=is_closed,
            decided=decided,
        )
        chosen = suppress(made.system)
        hidden = {made.names[at] for at in chosen.hidden}
        cells = {
            name: _decided(count, before.get(name), is_hidden=name in hidden)
            for name, count in made.counts().items()
        }
        return Decision(cells, len(chosen.unmet))

    kept = choose(before)
    if not kept.unmet or not before:
        return kept
    loosened = choose({name: one.loosened for name, one in before.items()})
    return loosened if loosened.unmet < kept.unmet else kept


def _decided(count: int, before: Decided | None, *, is_hidden: bool) -> Decided:
    last = before.last_shown if before else None
    return Decided(count, is_hidden, last if is_hidden else count)

"""Choose which cells to hide besides those that must be, so that none of these can be told.

The heuristic by linear programmes of Kelly, Golden & Assad (Networks 22, 1992) as refined by
Fischetti & Salazar (Management Science 47, 2001) and Castro (European Journal of Operational
Research 216, 2012): for each cell with a need, up and down, find the cheapest change of the counts
that moves the cell far enough and keeps all that is shown; what it must change is hidden. Cells
that turn out unneeded are shown again, and the attacker of ``attacks`` tries the result.
"""

import time
from collections.abc import Callable, Collection, Sequence

from tafahom.figures.disclosure.attacks import Attacker, audit
from tafahom.figures.disclosure.changes import Changes
from tafahom.figures.disclosure.lines import Aim, Line, lines_of
from tafahom.figures.disclosure.merging import difference
from tafahom.figures.disclosure.systems import (
    Cell,
    Exposed,
    Interval,
    Status,
    Suppression,
    System,
)

__all__ = [
    "Cell",
    "Exposed",
    "Interval",
    "Status",
    "Suppression",
    "System",
    "audit",
    "suppress",
    "suppress_told",
]

# How often cells are hidden anew because the attacker found a way that the search had not seen.
REPAIRS = 3
MARGIN = 1e-4  # in proportion to what was to be reached; far above what a programme errs


def suppress(system: System) -> Suppression:
    """Choose the cells to hide; what could not be protected is in ``unmet``, never silent.

    A need that cannot be met is met as far as it can be. The same system has the same pattern.
    """
    started = time.perf_counter()
    pattern = _Pattern(system)
    aims = pattern.hide(pattern.aims(), pattern.shown())
    pattern.show_again(aims)
    unmet = pattern.mend(aims, pattern.attack())
    seconds = time.perf_counter() - started
    return Suppression(pattern.hidden(), tuple(unmet), pattern.solved, seconds)


def suppress_told(system: System, is_told: Callable[[Exposed], bool]) -> Suppression:
    """Choose as ``suppress``, where most needs are met already: only for what an attacker finds.

    ``is_told`` says of a need that is not met whether that tells more than may be told.
    """
    started = time.perf_counter()
    hidden = frozenset(at for at, cell in enumerate(system.cells) if cell.starts_hidden)
    attacker = Attacker(system, hidden)
    unmet = list(filter(is_told, attacker.exposed()))
    if unmet:
        pattern = _Pattern(system)
        unmet = list(filter(is_told, pattern.mend(pattern.aims(), unmet)))
        hidden = pattern.hidden()
    seconds = time.perf_counter() - started
    return Suppression(hidden, tuple(unmet), attacker.solved, seconds)


class _Pattern:
    """The lines of a system, hidden or shown, and the number of linear programmes solved."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._lines = lines_of(system)
        self._known = [difference(pair) for pair in system.known]
        self.solved = 0

    def aims(self) -> list[Aim]:
        """Return what is to be met, for the smallest cells first."""
        aims = [aim for line in self._lines for aim in line.aims()]
        return sorted(aims, key=lambda aim: aim.line.value)

    def shown(self) -> list[Line]:
        """Return the lines that may still be hidden."""
        return [line for line in self._lines if line.may_hide]

    def hidden(self) -> frozenset[int]:
        """Return the cells that are hidden."""
        found = {at for at, cell in enumerate(self._system.cells) if cell.starts_hidden}
        return frozenset(found.union(*(line.cells for line in self._lines if line.hidden)))

    def hide(self, aims: Sequence[Aim], elastic: Sequence[Line]) -> list[Aim]:
        """Hide those of the elastic lines that the aims want; return the aims as far as met."""
        return self._hide(aims, elastic, self._system.steady | self._system.idle)

    def _hide(
        self, aims: Sequence[Aim], elastic: Sequence[Line], steady: Collection[int]
    ) -> list[Aim]:
        unmet = self._move(aims, elastic, steady) if steady else aims
        cut: dict[Aim, Aim] = {}
        if unmet:
            left = [line for line in elastic if not line.hidden]
            self._move(unmet, left, (), cut)
        reached = [cut.get(aim, aim) for aim in aims]
        return [aim for aim in reached if abs(aim.by) > MARGIN]

    def _move(
        self,
        aims: Sequence[Aim],
        elastic: Sequence[Line],
        steady: Collection[int],
        cut: dict[Aim, Aim] | None = None,
    ) -> list[Aim]:
        """Hide what the aims want; return those that are not met, or put into ``cut`` how far they are."""
        chosen = {id(line) for line in elastic}
        still = [line.row for line in self._lines if not line.hidden and id(line) not in chosen]
        changes = Changes(self._system.values, aims, elastic, [*still, *self._known], steady)
        met: set[Aim] = set()
        unmet = []
        for aim in aims:
            if aim in met:
                continue
            change = changes.move(aim)
            if change is None:
                unmet.append(aim)
                if cut is None:
                    continue
                cut[aim] = changes.farthest(aim)
                change = changes.move(cut[aim])
            if change is not None:
                met.update(change.met)
                for line in change.moved:
                    line.hidden = True
        self.solved += changes.solved
        return unmet

    def show_again(self, aims: Sequence[Aim]) -> None:
        """Hide anew, of the lines chosen, those that the aims want when the greatest come first.

        What the small ones had hidden before is often of no use any more. On systems like those of
        a province and a year an eighth of the cells is shown again.
        """
        spare = [line for line in self._lines if line.spare]
        for line in spare:
            line.hidden = False
        aims = sorted(aims, key=lambda aim: -aim.line.value)
        self._hide(aims, spare, self._system.steady)

    def mend(self, aims: Sequence[Aim], unmet: list[Exposed]) -> list[Exposed]:
        """Hide what the aims want until an attacker meets none; return the needs that are not met.

        ``unmet`` are those that an attacker finds now.
        """
        for _round in range(REPAIRS):
            broken = _broken(aims, unmet)
            if not broken:
                break
            before = self.hidden()
            reached = self.hide(broken, self.shown())
            if self.hidden() == before:
                break  # the attacker would find the same
            wanted = {id(aim.line) for aim in broken}
            aims = [*(aim for aim in aims if id(aim.line) not in wanted), *reached]
            # What was met stays so: the more is hidden, the less is told.
            unmet = self.attack([one.cell for one in unmet])
        return unmet

    def attack(self, asked: Collection[int] | None = None) -> list[Exposed]:
        """Return the needs that are not met, by an attacker who knows nothing of the search.

        ``asked`` are the cells that are tried; None is all.
        """
        attacker = Attacker(self._system, self.hidden(), asked)
        exposed = attacker.exposed()
        self.solved += attacker.solved
        return exposed


def _broken(aims: Sequence[Aim], exposed: Sequence[Exposed]) -> list[Aim]:
    """Return the aims that the search met, but not before the attacker."""
    learnt = {one.cell: one for one in exposed}
    broken = []
    for aim in aims:
        for one in (learnt[at] for at in aim.line.cells if at in learnt):
            bound = one.high if aim.by > 0 else one.low
            if (bound - aim.line.value) / aim.by < 1 - MARGIN:
                broken.append(aim)
                break
    return broken

"""Made-up years with what is hidden of them, and the attacker who tries all that the suite knows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from figures.disclosure.asker import Reckoner
from figures.disclosure.crossing import CROSSINGS, Crossing
from figures.disclosure.groups import groups_of, revealing_rows, true_answers
from figures.disclosure.targets import Answers, Asked, Learnt, Target
from figures.disclosure.years import YearShape, made_year, scaled
from tafahom.figures.disclosure.decisions import decide
from tafahom.figures.disclosure.names import Contract
from tafahom.figures.disclosure.slices import Enrolments, Revealing


@dataclass(frozen=True)
class Year:
    """A year, what is hidden of it, and the groups of which one may not tell too much."""

    rows: Sequence[Enrolments]
    hidden: frozenset[Asked]
    answers: Answers
    groups: Sequence[Target]
    partners: Collection[int]  # those whose people reveal a status
    own: frozenset[int]  # centres that reveal by themselves
    is_closed: bool
    silent: Sequence[Contract] = ()  # agreements of the register without people

    def asker(self, answers: Answers) -> Reckoner:
        """Return somebody who has these answers."""
        return Reckoner(
            self.rows, answers, is_closed=self.is_closed, silent=self.silent, own=self.own
        )

    def learn(self, answers: Answers) -> list[Learnt]:
        """Return of which groups these answers tell too much, by any way of reckoning."""
        asker = self.asker(answers)
        told = [*asker.by_differences(self.groups), *asker.learn(self.groups)]
        return told + [one for each in self.crossings(answers) for one in each]

    def crossings(self, answers: Answers) -> list[list[Learnt]]:
        """Return what is told of groups that no answer has, for each way of crossing tables."""
        asker = self.asker(answers)
        crossings = [Crossing(asker, self.rows, columns) for columns in CROSSINGS]
        return [one.learn(one.groups(self.partners)) for one in crossings]

    def groups_crossed(self) -> int:
        """Return of how many groups of crossed tables one may not tell."""
        asker = self.asker({})
        crossings = [Crossing(asker, self.rows, columns) for columns in CROSSINGS]
        return sum(len(one.groups(self.partners)) for one in crossings)


@cache
def guarded_year(seed: int, shape: YearShape, is_closed: bool, factor: float = 1.0) -> Year:
    """Return a made-up year, made smaller or greater by a factor."""
    rows, revealing = made_year(seed, shape)
    return guarded(scaled(rows, factor, seed), revealing, is_closed=is_closed)


def guarded(
    rows: Sequence[Enrolments],
    revealing: Revealing,
    *,
    is_closed: bool,
    silent: Sequence[Contract] = (),
) -> Year:
    """Return a year as the rule of disclosure hides it."""
    decision = decide(rows, revealing=revealing, others=silent, is_closed=is_closed)
    names = frozenset(Asked(*name) for name, one in decision.cells.items() if one.is_hidden)
    rows_of = revealing_rows(rows, revealing)
    return Year(
        rows=rows,
        hidden=names,
        answers=true_answers(rows, names, is_closed=is_closed),
        groups=groups_of(rows, rows_of, is_closed=is_closed),
        partners=frozenset(int(one) for one in rows_of["partner"]),
        own=frozenset(one.centre for one in rows if one.centre_type in revealing.centre_types),
        is_closed=is_closed,
        silent=silent,
    )


def true_count(year: Year, asked: Asked) -> int:
    """Return what a hidden row would have said."""
    through = asked.month or 12
    inside = [one for one in year.rows if one.month <= through]
    return sum(one.number for one in inside if one.key(asked.table) == asked.key)


def show(year: Year, rows: Collection[Asked]) -> Answers:
    """Return the answers of a year as if these rows were not hidden."""
    return {**year.answers, **{one: true_count(year, one) for one in rows}}

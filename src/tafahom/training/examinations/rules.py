"""When two marks pass, by the rule of their day."""

import datetime as dt
from collections.abc import Sequence
from typing import Protocol, TypeVar


class MarkRule(Protocol):
    """The thresholds of a pass rule, in hundredths of a mark and percent (``PassRule``)."""

    @property
    def written_minimum(self) -> int: ...
    @property
    def practical_minimum(self) -> int: ...
    @property
    def total_minimum(self) -> int: ...
    @property
    def written_weight(self) -> int: ...


def passed(written: int | None, practical: int | None, rule: MarkRule) -> bool:
    """Whether the two marks (hundredths) pass: each reaches its minimum, and their weighted sum.

    Under the rule of the examination office 50 and 70 together, 65, fail. A paper that was
    not sat is not passed. Exact: both sides are kept in hundredths of a percent.
    """
    if written is None or practical is None:
        return False
    if written < rule.written_minimum or practical < rule.practical_minimum:
        return False
    weighted = written * rule.written_weight + practical * (100 - rule.written_weight)
    return weighted >= rule.total_minimum * 100


class DatedRule(MarkRule, Protocol):
    """A pass rule and the day it came into force."""

    @property
    def valid_from(self) -> dt.date: ...


Rule = TypeVar("Rule", bound=DatedRule)


def rule_on(rules: Sequence[Rule], day: dt.date) -> Rule | None:
    """The rule in force on a day, of rules in order of date; None before the first."""
    in_force = [rule for rule in rules if rule.valid_from <= day]
    return in_force[-1] if in_force else None

"""The words of a year's system: its variables, its cells by name, and what was decided of them."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from tafahom.figures.disclosure.family import TableDimensions
from tafahom.figures.disclosure.slices import SliceKey

# Month 0 stands for the whole of a closed year.
WHOLE_YEAR = 0


class Name(NamedTuple):
    """What a cell is: its table, the key of its row there and the month through which it counts."""

    table: TableDimensions
    key: SliceKey
    month: int


class Contract(NamedTuple):
    """What stands of an agreement on its facts, and so says in which rows it is counted."""

    agreement: int
    partner: int
    level: str
    partner_kind: int


class InCounty(NamedTuple):
    """The variable of what an agreement brought to a county in a month."""

    contract: Contract
    county: int
    month: int

    def key(self, table: TableDimensions) -> SliceKey:
        """Return the row of a table that it is counted in."""
        return tuple(
            self.county if name == "county" else getattr(self.contract, name) for name in table
        )


class InCentre(NamedTuple):
    """The variable of a centre's month."""

    centre: int
    centre_type: int
    county: int
    month: int

    def key(self, table: TableDimensions) -> SliceKey:
        """Return the row of a table that it is counted in."""
        return tuple(getattr(self, name) for name in table)


class OfYear(NamedTuple):
    """The variable of a partner's people of one gender, education or age in a closed year."""

    column: str
    partner: int
    value: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a cell when it counted so many enrolments.

    ``last_shown`` is how many it counted when it was shown last; None if it never was.
    """

    count: int
    is_hidden: bool
    last_shown: int | None = None

    @property
    def loosened(self) -> "Decided":
        """The same, but what is shown may be hidden: no count is the one that is decided."""
        return self if self.is_hidden else replace(self, count=-1)

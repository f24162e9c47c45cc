"""How a kind of record says which months its rows belong to, in SQL.

Rows of closed months are held fast by triggers (``periods.guards``). Some columns elsewhere say by
what figures group or count those rows, such as a partner's kind or the hours of a standard
(``Move``): changing one moves the figures of every month that it is counted in.
"""

from dataclasses import dataclass, replace
from typing import Self


@dataclass(frozen=True, slots=True)
class Belongs:
    """One month of a row ``{r}``: expressions for its province and month, and where they are."""

    province: str
    month: str
    tables: str
    where: str


@dataclass(frozen=True, slots=True)
class GuardedTable:
    """A table and the months its rows belong to; ``when_gone`` counts too when a row goes."""

    table: str
    months: tuple[Belongs, ...]
    when_gone: tuple[Belongs, ...] = ()

    def __add__(self, other: Self) -> Self:
        """Return the table with the months of both."""
        months, gone = self.months + other.months, self.when_gone + other.when_gone
        return replace(self, months=months, when_gone=gone)


@dataclass(frozen=True, slots=True)
class Move:
    """Columns by which figures group or count: when one changes, these months change with it.

    ``values`` are the expressions that are compared, the columns themselves if not told. ``name``
    tells the moves of one table apart.
    """

    table: str
    columns: tuple[str, ...]
    months: tuple[Belongs, ...]
    name: str = "move"
    values: tuple[str, ...] = ()

    def __add__(self, other: Self) -> Self:
        """Return the move with the months of both. Raises ValueError if their columns differ."""
        if (self.columns, self.values) != (other.columns, other.values):
            raise ValueError(f"two moves of {self.table} are called {self.name}")
        return replace(self, months=self.months + other.months)

    @property
    def compared(self) -> tuple[str, ...]:
        """Expressions of a row ``{r}`` one of which must differ for anything to move."""
        return self.values or tuple(f"{{r}}.{column}" for column in self.columns)

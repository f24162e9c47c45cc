"""A report as renderers see it: titled columns and rows, with no knowledge of the domain."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal, TypeAlias


class Hidden(Enum):
    """A figure that there is and that the reader may not learn: neither zero nor "no such figure"."""

    HIDDEN = "hidden"


HIDDEN: Final = Hidden.HIDDEN
TableCell: TypeAlias = str | int | float | Hidden | None
ColumnKind: TypeAlias = Literal["text", "count", "hours", "percent"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: ``code`` names it for machines, ``kind`` says what its cells hold.

    Counts are whole numbers, hours may have a fraction, percentages are in percent (41.5).
    """

    code: str
    label: str
    kind: ColumnKind = "text"

    @property
    def is_number(self) -> bool:
        """Whether the cells are numbers, to be aligned by their digits."""
        return self.kind != "text"


@dataclass(frozen=True, slots=True)
class FigureMeaning:
    """What a figure counts: ``label`` is that of its column, or of several with one definition."""

    label: str
    definition: str

    def __str__(self) -> str:
        return f"{self.label}: {self.definition}"


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table to be shown, printed or saved.

    Every row, and ``total``, has a cell for each column; None is "no such figure", HIDDEN one that
    the reader may not learn. ``notes`` are sentences to print below, and ``meanings`` define the
    figures. ``as_of`` is when the figures were read.
    """

    title: str
    subtitle: str
    columns: list[Column]
    rows: list[list[TableCell]]
    total: list[TableCell]
    as_of: dt.datetime
    notes: list[str] = field(default_factory=list)
    is_right_to_left: bool = True
    meanings: list[FigureMeaning] = field(default_factory=list)

    @property
    def footnotes(self) -> list[str]:
        """The notes and what the figures mean, for a file that stands alone."""
        return [*self.notes, *map(str, self.meanings)]


def holds_hidden(rows: Iterable[list[TableCell]]) -> bool:
    """Whether a cell of some rows is hidden from the reader."""
    return any(cell is HIDDEN for row in rows for cell in row)

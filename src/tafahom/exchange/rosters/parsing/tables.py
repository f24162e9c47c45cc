"""Tables in a sheet: what a table is, and cells that tell its rows and columns apart."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from tafahom.exchange.rosters.parsing.cells import shown
from tafahom.exchange.rosters.parsing.headings import Heading
from tafahom.exchange.rosters.parsing.meanings import Meaning
from tafahom.exchange.rosters.parsing.questions import RosterQuestion
from tafahom.persian import to_ascii_digits

SheetRow = Sequence[object]
# A national ID that lost its leading zeros has eight digits, a FIDA code twelve.
MIN_ID_DIGITS = 8
MAX_ID_DIGITS = 12
IDENTITY = ("national_id", "fida_code", "identity")
NAMES = ("first_name", "last_name", "full_name")
_DASHES = str.maketrans("", "", " -_.'\u200c\u200e\u200f\u202a\u202b\u202c\u200b\u00a0")


@dataclass(frozen=True, slots=True)
class Labelled:
    """The value of a label, and where it stands (row as a spreadsheet counts, column from 0).

    ``row`` 0: it was given for the file or sheet by hand. ``unit`` is that of the label.
    """

    cell: object
    row: int
    column: int
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a table that refuses nothing; ``column`` is a heading."""

    code: str
    row: int
    column: str = ""
    value: str = ""


@dataclass(slots=True)
class Table:
    """A table in a sheet, from ``first_column`` through ``last_column``.

    ``header_row`` is as a spreadsheet counts, ``header_rows`` all rows of the header; 0 and none
    where the sheet begins with trainees. ``columns`` are fields by column, with what their
    numbers count in ``meanings``; ``labels`` what stands above the table. ``sessions`` are days
    by column (None where only their order is known) with their minutes, ``unknown`` headers by
    column. ``rows`` are row numbers of trainees, ``totals`` of sums. ``other_list`` is the title
    of a list that is not one of trainees.
    """

    header_row: int
    header_rows: frozenset[int]
    first_column: int
    last_column: int
    headings: dict[int, Heading]
    first_row: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    meanings: dict[str, Meaning] = field(default_factory=dict)
    labels: dict[str, Labelled] = field(default_factory=dict)
    sessions: dict[int, dt.date | None] = field(default_factory=dict)
    session_minutes: dict[int, int | None] = field(default_factory=dict)
    hours_row: int = 0
    unknown: dict[int, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    other_list: str = ""
    questions: list[RosterQuestion] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    fills_blanks: bool = False

    @property
    def named_row(self) -> int:
        """The row that stands for the whole table: its header, or where it begins below one."""
        return self.first_row if self.first_row > self.header_row > 0 else self.header_row

    @property
    def layout(self) -> str:
        """``attendance``, ``course`` or ``flat``, as contracts names them."""
        if self.sessions:
            return "attendance"
        return "course" if {"course_title", "course_code"} & set(self.labels) else "flat"

    def knows(self, *fields: str) -> bool:
        """Whether one of these fields has a column or a label."""
        return any(name in self.columns or name in self.labels for name in fields)

    def columns_of(self, fields: Sequence[str]) -> list[int]:
        """Columns whose heading names one of these fields, whether they are bound or not."""
        return [column for column, heading in self.headings.items() if heading.field in fields]

    def has(self, column: int) -> bool:
        """Whether a column lies in the table."""
        return self.first_column <= column <= self.last_column


def cell_at(row: SheetRow, column: int) -> object:
    """The cell of a row; an empty one beyond its end."""
    return row[column] if column < len(row) else ""


def looks_like_id(cell: object) -> bool:
    """Whether a cell can only be a person's number: 8 to 12 digits and nothing else."""
    if isinstance(cell, float):
        return 10 ** (MIN_ID_DIGITS - 1) <= cell < 10**MAX_ID_DIGITS and cell.is_integer()
    if isinstance(cell, str):
        if len(cell) < MIN_ID_DIGITS:
            return False
        digits = cell if cell.isdigit() else to_ascii_digits(cell).translate(_DASHES)
        return digits.isdigit() and MIN_ID_DIGITS <= len(digits) <= MAX_ID_DIGITS
    return isinstance(cell, int) and not isinstance(cell, bool) and looks_like_id(float(cell))


def has_id(row: SheetRow, columns: Sequence[int]) -> bool:
    """Whether one of these cells is plainly a person's number: no header or sum has that."""
    return any(column < len(row) and looks_like_id(row[column]) for column in columns)


def has_digits(row: SheetRow, columns: Sequence[int]) -> bool:
    """Whether one of these cells has a digit: the attempt at a number."""
    return any(any(c.isdigit() for c in shown(cell_at(row, column))) for column in columns)

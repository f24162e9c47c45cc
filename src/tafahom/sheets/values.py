"""What cells hold besides text, numbers and dates. No framework here."""

from dataclasses import dataclass

CellPlace = tuple[int, int]  # row as a spreadsheet counts, column from 0


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """A cell whose value is an error of the spreadsheet, such as #N/A; never text."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Percent:
    """A number shown in percent: 0.95 shown as 95 % has the number 95."""

    number: float

    def __str__(self) -> str:
        return f"{self.number:.12g}%"


@dataclass(frozen=True, slots=True)
class MergedRange:
    """A merged range. Rows are counted from 1, columns from 0, the last ones are part of it.

    Its value stands in the first cell only and holds for the whole range.
    """

    first_row: int
    first_column: int
    last_row: int
    last_column: int

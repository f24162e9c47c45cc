"""What is noted of a sheet beside the values that calamine gives."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tafahom.sheets.files import MAX_COLUMNS, MAX_ROWS
from tafahom.sheets.values import CellPlace, MergedRange


@dataclass(slots=True)
class Notes:
    """Notes on one sheet. ``values`` stand in the place of what calamine gives.

    ``refused`` is a code of ``FileRefusedError``, noted before anything is laid out in memory;
    places beyond the largest sheet are not noted.
    """

    refused: str = ""
    values: dict[CellPlace, object] = field(default_factory=dict)
    formulas: dict[CellPlace, bool] = field(default_factory=dict)
    merged: list[MergedRange] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def hide_columns(self, first: int, last: int) -> None:
        """Note that columns ``first`` to ``last`` (from 0, both hidden) are hidden."""
        self.hidden_columns.update(range(first, min(last + 1, MAX_COLUMNS)))

    def merge(self, first: CellPlace, last: CellPlace) -> None:
        """Note a merged range by its corners."""
        self.merged.append(MergedRange(*first, *last))

    def meet(self, place: CellPlace) -> bool:
        """Say whether a cell with content may stand there; note a refusal if not."""
        if place[1] >= MAX_COLUMNS:
            self.refused = self.refused or "sheet.too_wide"
        elif place[0] >= MAX_ROWS:
            self.refused = self.refused or "file.too_large"
        else:
            return True
        return False


def put_values(rows: list[list[object]], notes: Notes) -> None:
    """Put the noted values into their places; rows are made longer where they end before."""
    for (number, column), value in notes.values.items():
        while len(rows) < number:
            rows.append([])
        row = rows[number - 1]
        row.extend([""] * (column + 1 - len(row)))
        row[column] = value


def trim(rows: list[list[object]], formulas: Mapping[CellPlace, bool]) -> None:
    """Cut blank rows at the end, and columns that are blank in every row.

    A formula without a result is not blank: a row of them may be a person.
    """
    waiting = [place for place, is_stored in formulas.items() if not is_stored]
    height = max((row for row, _column in waiting), default=0)
    used = max((column + 1 for _row, column in waiting), default=0)
    while len(rows) > height and all(cell == "" for cell in rows[-1]):
        rows.pop()
    width = max((len(row) for row in rows), default=0)
    for row in rows:
        if used == width:
            break
        used = _used(row, used)
    rows.extend([] for _ in range(height - len(rows)))
    for row in rows:
        if len(row) != used:
            row[used:] = [""] * (used - len(row))


def _used(row: Sequence[object], least: int) -> int:
    """How many cells there are up to the last that is not blank, ``least`` at least."""
    for end in range(len(row), least, -1):
        if row[end - 1] != "":
            return end
    return least


def within(ranges: Sequence[MergedRange], rows: Sequence[Sequence[object]]) -> list[MergedRange]:
    """Ranges as far as they lie within the rows: nobody has to walk to the last row of a sheet."""
    height, width = len(rows), max((len(row) for row in rows), default=0)
    return [
        MergedRange(
            area.first_row,
            area.first_column,
            min(area.last_row, height),
            min(area.last_column, width - 1),
        )
        for area in ranges
        if area.first_row <= height and area.first_column < width
    ]


def clear_covered(rows: Sequence[list[object]], ranges: Sequence[MergedRange]) -> None:
    """Blank what nobody sees because the first cell of a merged range lies over it."""
    for area in ranges:
        columns = slice(area.first_column, area.last_column + 1)
        blank: list[object] = [""] * (area.last_column + 1 - area.first_column)
        first = rows[area.first_row - 1][area.first_column]
        for row in rows[area.first_row - 1 : area.last_row]:
            row[columns] = blank
        rows[area.first_row - 1][area.first_column] = first

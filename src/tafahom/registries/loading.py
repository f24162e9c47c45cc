"""Registries from CSV or workbooks: the loop that every loader shares.

A loader says which columns it reads and what one row does; bad rows are reported by row and
column and the good ones are recorded, in one transaction. Loading a file again changes nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import call
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from tafahom.audit.actions import record
from tafahom.persian import clean, normal_key
from tafahom.registries.tables import WHOLE_ROW, TableRow, read_table
from tafahom.registries.words import ListWords
from tafahom.sheets.files import FileRefusedError

RegistryRow = dict[str, str]


class RegistryCellError(ValueError):
    """A cell that keeps its row from being recorded: which column, why, what was there.

    ``months`` (Jalali, 139710) are those that are closed, ``names`` those that the list of the
    column has, where that is why.
    """

    def __init__(
        self,
        column: str,
        code: str,
        value: str = "",
        *,
        months: tuple[int, ...] = (),
        names: tuple[str, ...] = (),
    ) -> None:
        super().__init__(f"{column}: {code}")
        self.column, self.code, self.value = column, code, value
        self.months, self.names = months, names


class UnusableFileError(Exception):
    """A file from which nothing can be loaded; ``code`` says why."""

    def __init__(self, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code, self.value = code, value


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one row (0: the file); ``column`` is the header as the file has it.

    ``months`` are closed months whose figures the row would move, ``names`` what its list has.
    """

    row: int
    column: str
    code: str
    value: str
    months: tuple[int, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class RegistryReport:
    """What became of the rows of a registry.

    ``load_uid`` names what can be undone; empty when nothing was changed.
    """

    file: str
    rows: int = 0
    changed: int = 0
    problems: list[RowProblem] = field(default_factory=list)
    load_uid: str = ""

    @property
    def accepted(self) -> int:
        return self.rows - len({problem.row for problem in self.problems if problem.row})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a registry: English name to the Persian headers it may have."""

    headers: Mapping[str, Sequence[str]]
    needed: Sequence[str]

    def places(self, header: Sequence[str], hidden: Collection[int] = ()) -> dict[str, int]:
        """Column positions by English name. Raises UnusableFileError when a needed one lacks.

        A hidden column is taken where no visible one has its name.
        """
        names = {
            normal_key(spelling): name
            for name, spellings in self.headers.items()
            for spelling in (name, *spellings)
        }
        places: dict[str, int] = {}
        for position, text in sorted(enumerate(header), key=lambda pair: pair[0] in hidden):
            if name := names.get(normal_key(text)):
                places.setdefault(name, position)
        for name in self.needed:
            if name not in places:
                raise UnusableFileError("header.missing_column", name)
        return places


Finish = Callable[[Callable[[int, RegistryCellError], None]], None]


# Runs the writing of one row; raises RegistryCellError when it may not be written.
RunRow = Callable[[Callable[[], bool]], bool]


@transaction.atomic
def load_registry(
    path: Path,
    *,
    kind: str,
    columns: Columns,
    save: Callable[[int, RegistryRow], bool],
    finish: Finish | None = None,
    run_row: RunRow = call,
    by: AbstractBaseUser | None,
) -> RegistryReport:
    """Record every good row with ``save``, which says whether it changed anything.

    ``save`` gets the row's number and cells by English name and raises RegistryCellError. ``finish``
    runs after the last row and may report problems too. Raises UnusableFileError.
    """
    header, places, rows = _table(path, columns)
    read = {*places.values(), WHOLE_ROW}
    report = RegistryReport(file=path.name)

    def refuse(row: int, error: RegistryCellError) -> None:
        place = places.get(error.column)
        shown = clean(header[place]) if place is not None else error.column
        report.problems.append(
            RowProblem(row, shown, error.code, error.value, error.months, error.names)
        )

    for row in rows:
        values = {name: _cell(row.cells, place) for name, place in places.items()}
        if not any(values.values()) and row.flaws.keys().isdisjoint(read):
            continue
        report.rows += 1
        try:
            _check_cells(row, places, columns)
            report.changed += run_row(partial(save, row.number, values))
        except RegistryCellError as error:
            error.value = error.value or values.get(error.column, "")
            refuse(row.number, error)
    if finish is not None:
        finish(refuse)
    if report.changed:
        details = {"rows": report.rows, "changed": report.changed}
        record(action=f"registry.{kind}_loaded", target=path.name[:120], details=details, by=by)
    return report


def _table(path: Path, columns: Columns) -> tuple[list[str], dict[str, int], list[TableRow]]:
    """Header, its columns' places and the rows below: the first row with all needed columns."""
    try:
        table = read_table(path)
    except FileRefusedError as error:
        raise UnusableFileError(error.code, error.sheet) from error
    missing: UnusableFileError | None = None
    for position, row in enumerate(table.rows[:30]):
        try:
            places = columns.places(row.cells, table.hidden_columns)
        except UnusableFileError as error:
            missing = missing or error
        else:
            return row.cells, places, table.rows[position + 1 :]
    raise missing or UnusableFileError("file.empty")


def _check_cells(row: TableRow, places: Mapping[str, int], columns: Columns) -> None:
    """Raise RegistryCellError for the first cell that says nothing that can be recorded."""
    if flaw := row.flaws.get(WHOLE_ROW):
        raise RegistryCellError(columns.needed[0], flaw.code, flaw.value)
    for name, place in places.items():
        if flaw := row.flaws.get(place):
            raise RegistryCellError(name, flaw.code, flaw.value)
    for name in columns.needed:
        if not normal_key(_cell(row.cells, places[name])):
            raise RegistryCellError(name, "cell.missing")


def _cell(cells: Sequence[str], place: int) -> str:
    return clean(cells[place]) if place < len(cells) else ""


YES_NO = {"بله": True, "بلی": True, "yes": True, "خیر": False, "نه": False, "no": False}


def answer_in(column: str, row: RegistryRow) -> bool | None:
    """Return what a cell of yes and no says; None for an empty one, or no column.

    Raises RegistryCellError for another word.
    """
    said = row.get(column, "")
    if said and said.lower() not in YES_NO:
        raise RegistryCellError(column, "answer.invalid", said)
    return YES_NO.get(said.lower())


def name_in(words: ListWords, column: str, row: RegistryRow) -> str:
    """Return the name in a closed list that a cell means; "" for an empty one, or no column.

    Raises RegistryCellError with the names of the list for a word that is not in it.
    """
    word = row.get(column, "")
    name = words.name_of(word)
    if name is None:
        raise RegistryCellError(column, "list.unknown", word, names=words.names)
    return name

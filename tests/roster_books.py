"""Rosters as workbooks, in the layouts that offices use."""

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from rosters import national_id

LABELS: dict[str, object] = {
    "عنوان دوره": "جوشکار آرگون",
    "کد دوره": "13970001",
    "کد استاندارد": "721220230030011",
    "خوشه": "صنعت",
    "مدت دوره": 100,
    "تاریخ شروع": "1397/03/04",
    "تاریخ پایان": "1397/03/20",
    "نام مرکز": "مرکز شماره 1 کرج",
    "مربی": "رضا بیات",
    "دستگاه": "سازمان زندان‌ها",
    "شماره تفاهم‌نامه": "553/96/2508",
    "گروه مخاطب": "زندانی",
}
PEOPLE = (
    "ردیف",
    "نام",
    "نام خانوادگی",
    "کد ملی / کد فیدا",
    "جنسیت",
    "ساعت حضور",
    "نمره کتبی",
    "نمره عملی",
)
Cells = Sequence[Sequence[object]]


def person(serial: int, *rest: object) -> list[object]:
    """A row of a trainee: number, name, family name, identity, gender, then the rest."""
    return [serial, "مریم", f"اکبری {serial}", national_id(serial), "زن", *rest]


def workbook(path: Path, sheets: Mapping[str, Cells], *, hidden: Sequence[str] = ()) -> Path:
    """A real workbook with these cells from A1 on."""
    with xlsxwriter.Workbook(str(path)) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("نخست") if set(hidden) == set(sheets) else None
        for name, rows in sheets.items():
            page = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        page.write_datetime(number, column, cell, day)
                    else:
                        page.write(number, column, cell)
            if name in hidden:
                page.hide()
    return path


def flat(*rows: Sequence[object], without: Sequence[str] = ()) -> list[list[object]]:
    """A flat table: course columns, then people's."""
    labels = {name: value for name, value in LABELS.items() if name not in without}
    return [[*labels, *PEOPLE], *([*labels.values(), *row] for row in rows)]


def course_sheet(
    *rows: Sequence[object], labels: Mapping[str, object] = LABELS
) -> list[list[object]]:
    """Labels with values beside them, two to a row, then the trainees."""
    pairs = list(labels.items())
    block: list[list[object]] = [["فهرست کارآموزان دوره"], []]
    for first, second in zip(pairs[::2], pairs[1::2], strict=True):
        block.append([f"{first[0]}:", first[1], "", "", f"{second[0]} :", second[1]])
    return [*block, [], list(PEOPLE), *map(list, rows)]

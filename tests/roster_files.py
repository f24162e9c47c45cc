"""Small rosters as files, in the canonical columns of a flat table."""

import csv
import io
from pathlib import Path

from rosters import national_id

HEADER = (
    "نام",
    "نام خانوادگی",
    "کد ملی",
    "جنسیت",
    "کد دوره",
    "عنوان دوره",
    "کد استاندارد",
    "ساعت نظری",
    "ساعت عملی",
    "تاریخ شروع",
    "تاریخ پایان",
    "نام مرکز",
    "شماره تفاهم‌نامه",
    "ساعت حضور",
    "نمره کتبی",
    "نمره عملی",
    "شماره گواهینامه",
)


def line(serial: int, **changes: str) -> dict[str, str]:
    """The person with this serial, who attended all 100 hours and passed."""
    row = dict(
        zip(
            HEADER,
            (
                "مریم",
                f"اکبری {serial}",
                national_id(1000 + serial),
                "زن",
                "13970001",
                "جوشکار آرگون",
                "721220230030011",
                "40",
                "60",
                "1397/03/04",
                "1397/03/20",
                "مرکز شماره 1 کرج",
                "553/96/2508",
                "100",
                "60",
                "80",
                f"97{serial:05}",
            ),
            strict=True,
        )
    )
    return row | changes


def roster(*rows: dict[str, str]) -> bytes:
    """A CSV of these rows, as an office's spreadsheet would save it."""
    header = list(dict.fromkeys(name for row in rows for name in row)) or list(HEADER)
    out = io.StringIO()
    writer = csv.DictWriter(out, header, delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")


def write_roster(path: Path, *rows: dict[str, str]) -> Path:
    """The same in a file; its path."""
    path.write_bytes(roster(*rows))
    return path

"""The made-up year as files, in the layouts in which offices send rosters. The same each time."""

import csv
import datetime as dt
import io
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tafahom.demonstration.plan import SEED, make_years
from tafahom.demonstration.records import SampleAgreement, SampleCourse, Seat, Year, partners
from tafahom.jalali import MONTH_NAMES, format_date
from tafahom.persian import to_persian_digits

SampleCell = str | int | float | dt.date
MADE = dt.datetime(2019, 1, 26)  # noqa: DTZ001 - a workbook's clock knows no zones
COURSE_HEADS = (
    "کد دوره", "عنوان دوره", "کد استاندارد", "گروه آموزشی", "خوشه", "ساعت نظری", "ساعت عملی", "تاریخ شروع",
    "تاریخ پایان", "نام مرکز", "نوع مرکز", "شهرستان", "مربی", "دستگاه طرف تفاهم‌نامه", "شماره تفاهم‌نامه",
    "گروه مخاطب",
)  # fmt: skip
PERSON_HEADS = (
    "نام",
    "نام خانوادگی",
    "نام پدر",
    "جنسیت",
    "تاریخ تولد",
    "مدرک تحصیلی",
    "تلفن همراه",
)
RESULT_HEADS = ("نمره کتبی", "نمره عملی", "نتیجه", "شماره گواهینامه")
MESSY_HEADS = (
    "ردیف", "كد دوره", "نام دوره", "کد حرفه", "رشته آموزشی", "خوشه آموزشي", "مدت دوره (ساعت)", "شروع دوره",
    "تاريخ پايان", "مرکز", "نوع مركز", "شهر", "نام مربي", "دستگاه", "ش تفاهم نامه", "جامعه هدف", "کدملی", "اسم",
    "فامیلی", "پدر", "جنس", "ت.تولد", "تحصیلات", "موبایل", "نفر ساعت", "کتبی", "عملی", "نتيجه", "ش گواهینامه",
)  # fmt: skip


def write_demo(folder: Path) -> list[Path]:
    """Write registries and rosters into a folder; return the rosters' paths in name order."""
    agreements, years = make_years()
    folder.mkdir(parents=True, exist_ok=True)
    _write_registries(folder, agreements)
    rosters = folder / "rosters"
    rosters.mkdir(exist_ok=True)
    return sorted(path for year in years for path in _write_year(rosters, year))


def write_current(folder: Path, courses: Sequence[SampleCourse]) -> list[Path]:
    """Write the courses of the years that run now, one roster a year."""
    paths = []
    for year, of_year in groupby(courses, key=lambda course: course.code[:4]):
        paths.append(folder / f"{year}-دوره‌های_جاری.csv")
        write_csv(paths[-1], list(of_year))
    return paths


def _write_registries(folder: Path, agreements: Sequence[SampleAgreement]) -> None:
    rows: list[list[SampleCell]] = [["name", "kind", "main_audience"]]
    rows += [[name, kind, audience] for name, kind, audience, *_rest in partners()]
    _write_csv(folder / "partners.csv", rows, "utf-8-sig", ",")
    rows = [
        ["number", "partner", "level", "signed_on", "starts_on", "ends_on", "parent", "target_persons",
         "target_person_hours", "year"]
    ]  # fmt: skip
    for made in sorted(agreements, key=lambda agreement: agreement.level, reverse=True):
        own: list[SampleCell] = [
            made.number, made.partner, made.level, made.signed_on, made.starts_on, made.ends_on, made.parent,
        ]  # fmt: skip
        rows += [[*own, *target, year] for year, target in made.targets.items()] or [
            [*own, "", "", ""]
        ]
    _write_csv(folder / "agreements.csv", rows, "utf-8-sig", ",")


def _write_year(folder: Path, year: Year) -> Iterable[Path]:
    """Write one file for each partner and layout."""
    files: dict[tuple[str, str], list[SampleCourse]] = defaultdict(list)
    order = [row[0] for row in partners()]
    for course in year.courses:
        files[course.partner, course.layout].append(course)
    ordered = sorted(files.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    for number, ((partner, layout), courses) in enumerate(ordered, 1):
        ending = "csv" if layout.startswith("csv") else "xlsx"
        path = folder / f"{year.year}-{number:02}-{partner.replace(' ', '_')}.{ending}"
        WRITERS[layout](path, courses)
        yield path


def _course_cells(
    course: SampleCourse, *, day: Callable[[dt.date], SampleCell] | None = None
) -> list[SampleCell]:
    """Return the cells under COURSE_HEADS; ``day`` says how a date is written."""
    day = day or _date
    return [
        course.code, course.title, course.standard, course.group, course.cluster, course.theory,
        course.hours - course.theory, day(course.starts_on), day(course.ends_on), course.centre,
        course.centre_type, course.county, course.instructor, course.partner, course.agreement, course.audience,
    ]  # fmt: skip


def _person_cells(seat: Seat) -> list[SampleCell]:
    who = seat.trainee
    return [
        who.first_name, who.last_name, who.father_name, who.gender, who.birth_date, who.education, who.mobile,
    ]  # fmt: skip


def _result_cells(seat: Seat) -> list[SampleCell]:
    return [_mark(seat.written), _mark(seat.practical), seat.result, seat.certificate]


def _mark(mark: float | None) -> SampleCell:
    if mark is None:
        return ""
    return int(mark) if mark == int(mark) else mark


def _date(day: dt.date) -> str:
    return format_date(day, digits="en")


def _as_excel(day: dt.date) -> SampleCell:
    return day


def _flat_rows(
    courses: Sequence[SampleCourse], *, day: Callable[[dt.date], SampleCell] | None = None
) -> list[list[SampleCell]]:
    """A header, then one row for each seat."""
    rows: list[list[SampleCell]] = [
        ["ردیف", *COURSE_HEADS, "کد ملی", "کد فیدا", *PERSON_HEADS, "ساعت حضور", *RESULT_HEADS]
    ]
    for course in courses:
        for seat in course.seats:
            who = seat.trainee
            rows.append(
                [len(rows), *_course_cells(course, day=day), who.national_id, who.fida_code, *_person_cells(seat),
                 seat.hours, *_result_cells(seat)]
            )  # fmt: skip
    return rows


def _workbook(path: Path) -> xlsxwriter.Workbook:
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"})
    book.set_properties({"created": MADE, "author": "اداره کل آموزش فنی و حرفه‌ای استان البرز"})
    return book


def _put(
    page: Worksheet, rows: Sequence[Sequence[SampleCell]], *, top: int = 0, left: int = 0
) -> None:
    for number, row in enumerate(rows, top):
        for column, cell in enumerate(row, left):
            if cell != "":
                page.write(number, column, cell)


def write_flat(path: Path, courses: Sequence[SampleCourse]) -> None:
    """One sheet for each month in which courses ended; its days are Excel's own, Gregorian."""
    with _workbook(path) as book:
        for month in sorted({course.month for course in courses}):
            page = book.add_worksheet(f"{MONTH_NAMES[month - 1]} {courses[0].code[:4]}")
            page.right_to_left()
            of_month = [course for course in courses if course.month == month]
            _put(page, _flat_rows(of_month, day=_as_excel))


def write_messy(path: Path, courses: Sequence[SampleCourse]) -> None:
    """A sheet by many hands: a title, blank rows and a column, mixed letters, digits and dates."""
    chance = random.Random(f"{SEED} {courses[0].code}")
    with _workbook(path) as book:
        page = book.add_worksheet("Sheet1")
        page.right_to_left()
        _put(page, [["آمار آموزش‌هاي تفاهم نامه اي"]], left=3)
        _put(page, [MESSY_HEADS], top=2, left=1)
        top = 3
        for number, (course, seat) in enumerate(((c, s) for c in courses for s in c.seats), 1):
            _put(page, [_messy_row(number, course, seat, chance)], top=top, left=1)
            top += 2 if chance.randrange(40) == 0 else 1
        total = sum(seat.hours for course in courses for seat in course.seats)
        _put(page, [["جمع", *[""] * (MESSY_HEADS.index("نفر ساعت") - 1), total]], top=top, left=1)
        _put(page, [["امضای مسئول آموزش", "", "", "امضای رئیس اداره"]], top=top + 2, left=3)
        spare = book.add_worksheet("پشتیبان")
        spare.hide()
        _put(spare, [["قدیمی - استفاده نشود"], *_flat_rows(courses[:1])])


def _messy_row(
    number: int, course: SampleCourse, seat: Seat, chance: random.Random
) -> list[SampleCell]:
    who = seat.trainee
    start, end = (_messy_date(day, chance) for day in (course.starts_on, course.ends_on))
    identity: SampleCell = who.fida_code or (
        int(who.national_id) if chance.randrange(2) else who.national_id
    )
    cells: list[SampleCell] = [
        number, course.code, course.title, course.standard, course.group, course.cluster, course.hours, start, end,
        course.centre, course.centre_type, course.county, course.instructor, course.partner, course.agreement,
        course.audience, identity, who.first_name, who.last_name, who.father_name,
        "خانم" if who.gender == "زن" else "آقا", who.birth_date, who.education, int(who.mobile), seat.hours,
        *_result_cells(seat),
    ]  # fmt: skip
    return [_messy(cell, chance) for cell in cells]


def _messy(cell: SampleCell, chance: random.Random) -> SampleCell:
    """Text as another keyboard has it; some numbers as text in Persian digits."""
    if isinstance(cell, str):
        if chance.randrange(2):
            cell = cell.replace("ی", "ي").replace("ک", "ك")
        if chance.randrange(3) == 0:
            cell = cell.replace("\u200c", " ")
        return f"{cell} " if chance.randrange(20) == 0 else cell
    if isinstance(cell, int | float) and cell < 1000 and chance.randrange(3) == 0:
        return to_persian_digits(str(cell)).replace(".", "٫")
    return cell


def _messy_date(day: dt.date, chance: random.Random) -> SampleCell:
    text = _date(day)
    year, month, date = text.split("/")
    ways: tuple[SampleCell, ...] = (
        text, to_persian_digits(text), f"{year[2:]}/{int(month)}/{int(date)}", text.replace("/", "-"),
        int(text.replace("/", "")),
    )  # fmt: skip
    return chance.choice(ways)


def write_courses(path: Path, courses: Sequence[SampleCourse]) -> None:
    """One sheet for each course: labels with values, the trainees, a sum and signatures."""
    with _workbook(path) as book:
        for number, course in enumerate(courses, 1):
            page = book.add_worksheet(f"دوره {number}")
            heads = [*PERSON_HEADS, "ساعت حضور", *RESULT_HEADS]
            rows = [
                [*_person_cells(seat), seat.hours, *_result_cells(seat)] for seat in course.seats
            ]
            _course_page(page, course, heads, rows)
            top = 13 + len(rows)
            total = sum(seat.hours for seat in course.seats)
            _put(page, [["جمع", *[""] * 8, total]], top=top + 1)
            _put(page, [["امضای مربی", "", "", "", "امضای رئیس مرکز"]], top=top + 3, left=1)


def write_registers(path: Path, courses: Sequence[SampleCourse]) -> None:
    """One sheet for each course with a column for each session and its marks of attendance."""
    with _workbook(path) as book:
        for number, course in enumerate(courses, 1):
            page = book.add_worksheet(f"حضور و غیاب {number}")
            days = [_date(day) for day, _hours in course.sessions]
            lengths = [hours for _day, hours in course.sessions]
            heads = [*PERSON_HEADS, *days, *RESULT_HEADS]
            rows = [
                [*_person_cells(seat), *seat.marks, *_result_cells(seat)] for seat in course.seats
            ]
            _course_page(page, course, heads, rows, lengths=lengths)
            key = "راهنما: ح = حاضر، غ = غایب، ت = با تأخیر، م = موجه"
            _put(page, [[key]], top=16 + len(rows))


def _course_page(
    page: Worksheet,
    course: SampleCourse,
    heads: Sequence[str],
    rows: Sequence[Sequence[SampleCell]],
    *,
    lengths: Sequence[int] = (),
) -> None:
    """Labels, two to a row, then the table from row 13 on."""
    page.right_to_left()
    _put(
        page,
        [
            [f"فهرست کارآموزان دوره آموزشی {course.title}"],
            ["اداره کل آموزش فنی و حرفه‌ای استان البرز"],
        ],
    )
    labels = [*zip(COURSE_HEADS, _course_cells(course), strict=True)]
    labels.insert(5, ("مدت دوره", course.hours))
    labels.append(("سطح تفاهم‌نامه", course.level))
    for place, (label, value) in enumerate(labels):
        _put(page, [[f"{label}:", value]], top=3 + place // 2, left=5 * (place % 2))
    top = 12
    # Where the number stands that tells people apart differs from file to file.
    _put(page, [["ردیف", "کد ملی / کد فیدا", *heads]], top=top)
    if lengths:
        top += 1
        _put(page, [["ساعت جلسه", *[""] * (len(PERSON_HEADS) + 1), *lengths]], top=top)
    for number, (seat, row) in enumerate(zip(course.seats, rows, strict=True), 1):
        who = seat.trainee
        _put(page, [[number, who.national_id or who.fida_code, *row]], top=top + number)


def _write_csv(
    path: Path, rows: Sequence[Sequence[SampleCell]], encoding: str, separator: str
) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\r\n").writerows(rows)
    text = out.getvalue()
    if encoding == "windows-1256":
        text = text.replace("ی", "ي")  # the code page has no Persian yeh
    path.write_bytes(text.encode(encoding))


def write_csv(path: Path, courses: Sequence[SampleCourse]) -> None:
    """UTF-8 with its mark, semicolons: as a Persian Excel saves it."""
    _write_csv(path, _flat_rows(courses), "utf-8-sig", ";")


def write_csv_1256(path: Path, courses: Sequence[SampleCourse]) -> None:
    """The code page of old systems, commas."""
    _write_csv(path, _flat_rows(courses), "windows-1256", ",")


def write_csv_16(path: Path, courses: Sequence[SampleCourse]) -> None:
    """UTF-16, tabs: Excel's "Unicode text"."""
    _write_csv(path, _flat_rows(courses), "utf-16", "\t")


WRITERS = {
    "flat": write_flat,
    "messy": write_messy,
    "course": write_courses,
    "register": write_registers,
    "csv": write_csv,
    "csv-1256": write_csv_1256,
    "csv-16": write_csv_16,
}

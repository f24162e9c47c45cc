"""A believable year of any size: rosters of 26 partners, the same for the same number of rows."""

import csv
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import xlsxwriter

from tafahom.jalali import format_date
from tafahom.training.courses.rules import CourseFacts
from tafahom.training.rosters.rules import RosterEntry

YEAR = 1397
FIRST_DAY = dt.date(2018, 3, 21)
PARTNERS = 26
COURSE_SIZE = 20
SEED = 1397
# Of a hundred enrolments six are of people who took another course before.
NEWCOMERS = 0.94

FIRST_NAMES = {
    "female": ("مریم", "فاطمه", "زهرا", "سارا", "نرگس", "لیلا", "مینا", "پریسا", "سمیه", "الهام"),
    "male": ("علی", "محمد", "رضا", "حسین", "مهدی", "امیر", "فرهاد", "پژمان", "جلال", "کاوه"),
}
LAST_NAMES = (
    "کریمی", "اکبری", "رضایی", "حسینی", "محمدی", "تقی‌زاده", "ابراهیمی", "نوری", "صفایی", "افشاری",
    "عسگری", "مرادیان", "کاویانی", "ساعدی", "شاکری", "فلاحی", "یوسفی", "گودرزی", "چراغی", "پاکزاد",
)  # fmt: skip
FATHERS = ("یدالله", "جعفر", "سیروس", "نوروزعلی", "فضل‌الله", "محمدصادق", "مجید", "صادق")
EDUCATION = ("زیر دیپلم", "سیکل", "دیپلم", "فوق دیپلم", "لیسانس")
AUDIENCES = ("صنف", "دانشجو", "شاغل صنعت", "کشاورز", "دانش‌آموز")
CENTRE_TYPES = ("ثابت شهری", "زندان", "صنایع", "جوار دانشگاه", "محیط کار واقعی")
COUNTIES = ("کرج", "ساوجبلاغ", "نظرآباد", "اشتهارد", "فردیس")
CLUSTERS = ("صنعت", "خدمات", "کشاورزی", "فرهنگ و هنر")

COLUMNS = (
    "ردیف", "کد دوره", "عنوان دوره", "کد استاندارد", "گروه آموزشی", "خوشه", "ساعت نظری", "ساعت عملی",
    "تاریخ شروع", "تاریخ پایان", "نام مرکز", "نوع مرکز", "شهرستان", "مربی", "دستگاه", "شماره تفاهم‌نامه",
    "گروه مخاطب", "کد ملی", "نام", "نام خانوادگی", "نام پدر", "جنسیت", "تاریخ تولد", "تحصیلات",
    "تلفن همراه", "ساعت حضور", "نمره کتبی", "نمره عملی", "نتیجه", "شماره گواهینامه",
)  # fmt: skip


def partner_name(number: int) -> str:
    """Return the name of a partner, from 0."""
    return f"سازمان آموزش همکار {number + 1}"


def agreement_number(number: int) -> str:
    """Return the number of a partner's agreement."""
    return f"{100 + number}/96/{20_000 + number}"


def rosters(rows: int) -> Iterator[tuple[str, list[RosterEntry]]]:
    """Yield the rosters of the year, one a partner: a file name and its entries.

    All courses end in the first ten months. ``rows`` is the number of enrolments of all rosters.
    """
    chance = random.Random(SEED)
    share = -(-rows // (PARTNERS * COURSE_SIZE)) * COURSE_SIZE  # whole courses
    for partner in range(PARTNERS):
        first, last = partner * share, min((partner + 1) * share, rows)
        entries: list[RosterEntry] = []
        for start in range(first, last, COURSE_SIZE):
            course = _course(start // COURSE_SIZE, partner, chance)
            for serial in range(start, min(start + COURSE_SIZE, last)):
                person = _person(serial, rows, chance)
                entries.append(_entry(len(entries) + 2, serial, person, course, chance))
        yield f"{partner + 1:03}_{YEAR}.xlsx", entries


def write_registries(folder: Path) -> tuple[Path, Path]:
    """Write the partners and their agreements as ``tafahom load`` reads them."""
    partners, agreements = folder / "partners.csv", folder / "agreements.csv"
    with partners.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(("name", "kind", "main_audience"))
        for number in range(PARTNERS):
            write((partner_name(number), "دولتی", AUDIENCES[number % len(AUDIENCES)]))
    with agreements.open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file).writerow
        write(
            [
                "number",
                "partner",
                "level",
                "signed_on",
                "starts_on",
                "ends_on",
                "parent",
                "target_persons",
                "target_person_hours",
                "year",
            ]
        )
        for number in range(PARTNERS):
            level = ("ملی", "استانی")[number % 2]
            term = ("1396/01/05", "1396/01/05", "1399/12/29")
            targets = (4_000, 400_000, YEAR)
            write((agreement_number(number), partner_name(number), level, *term, "", *targets))
    return partners, agreements


def write_rosters(folder: Path, rows: int) -> list[Path]:
    """Write the year as workbooks with one flat table each; their paths."""
    files = []
    for name, entries in rosters(rows):
        workbook = xlsxwriter.Workbook(folder / name)
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, COLUMNS)
        for number, entry in enumerate(entries, 1):
            sheet.write_row(number, 0, _cells(number, entry))
        workbook.close()
        files.append(folder / name)
    return files


def _course(number: int, partner: int, chance: random.Random) -> CourseFacts:
    hours = chance.randrange(40, 200, 2)
    starts = FIRST_DAY + dt.timedelta(days=chance.randrange(270))
    place, occupation = chance.randrange(120), chance.randrange(400)
    centre_type = CENTRE_TYPES[place % len(CENTRE_TYPES)]
    return CourseFacts(
        code=f"{YEAR}3{number:06}",
        title=f"مهارت شماره {occupation + 1}",
        standard_code=f"{721_000_000_000_000 + occupation * 10_001}",
        cluster=CLUSTERS[occupation % len(CLUSTERS)],
        group=f"گروه {occupation % 30 + 1}",
        theory_minutes=hours * 20,
        practice_minutes=hours * 40,
        planned_minutes=hours * 60,
        starts_on=starts,
        ends_on=starts + dt.timedelta(days=chance.randrange(5, 30)),
        centre=f"مرکز {centre_type} {place + 1}",
        centre_type=centre_type,
        county=COUNTIES[place % len(COUNTIES)],
        instructor=f"{FIRST_NAMES['male'][place % 10]} {LAST_NAMES[place % 20]}",
        partner=partner_name(partner),
        agreement_number=agreement_number(partner),
    )


def _person(serial: int, rows: int, chance: random.Random) -> int:
    """Return who is enrolled: mostly somebody new, at times somebody of an earlier course."""
    return (
        serial
        if serial < rows * NEWCOMERS
        else chance.randrange(rows // 2) // 20 * 20 + serial % 20
    )


def _entry(
    row: int, serial: int, person: int, course: CourseFacts, chance: random.Random
) -> RosterEntry:
    gender = ("female", "male")[person % 2]
    written, practical = chance.randrange(4_000, 10_000, 50), chance.randrange(5_000, 10_000, 50)
    has_passed = written >= 5_000 and practical >= 7_000 and written + 3 * practical >= 28_000
    return RosterEntry(
        sheet="Sheet1",
        row=row,
        course=course,
        national_id=_national_id(1_000_000 + person * 7),
        fida_code="",
        first_name=FIRST_NAMES[gender][person // 2 % 10],
        last_name=f"{LAST_NAMES[person % 20]} {LAST_NAMES[person // 20 % 20]}",
        father_name=FATHERS[person % len(FATHERS)],
        gender=gender,
        birth_date=dt.date(1960, 1, 1) + dt.timedelta(days=person * 37 % 15_000),
        education=EDUCATION[person % len(EDUCATION)],
        mobile=f"0912{person:07}",
        audience=AUDIENCES[person % len(AUDIENCES)],
        credited_minutes=course.planned_minutes - 120 * (serial % 4 == 0),
        written_mark=written,
        practical_mark=practical,
        result="قبول" if has_passed else "مردود",
        certificate_number=f"{YEAR}{serial:08}" if has_passed else "",
    )


def _cells(number: int, entry: RosterEntry) -> tuple[str | int | float | None, ...]:
    """Return an entry as the cells of ``COLUMNS``; of an empty cell nothing is written."""
    course = entry.course
    return (
        number,
        course.code,
        course.title,
        course.standard_code,
        course.group,
        course.cluster,
        (course.theory_minutes or 0) / 60,
        (course.practice_minutes or 0) / 60,
        format_date(course.starts_on, digits="en"),
        format_date(course.ends_on, digits="en"),
        course.centre,
        course.centre_type,
        course.county,
        course.instructor,
        course.partner,
        course.agreement_number,
        entry.audience,
        entry.national_id,
        entry.first_name,
        entry.last_name,
        entry.father_name,
        {"female": "زن", "male": "مرد"}[entry.gender],
        format_date(entry.birth_date, digits="en") if entry.birth_date else None,
        entry.education,
        entry.mobile,
        entry.credited_minutes / 60,
        (entry.written_mark or 0) / 100,
        (entry.practical_mark or 0) / 100,
        entry.result,
        entry.certificate_number or None,
    )


def _national_id(serial: int) -> str:
    """Return a valid national ID for each serial."""
    body = f"{serial:09d}"
    rest = sum(int(digit) * (10 - place) for place, digit in enumerate(body)) % 11
    return body + str(rest if rest < 2 else 11 - rest)

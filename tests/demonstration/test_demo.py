"""The demonstration: published figures to the person and the hour, through the real importer."""

import csv
import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from python_calamine import CalamineWorkbook, SheetVisibleEnum

from tafahom.access.models import User
from tafahom.access.queries import roles_of
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement, AgreementState, Proposal
from tafahom.demonstration.loading import is_loaded, load_demo, logins
from tafahom.demonstration.plan import make_years
from tafahom.demonstration.records import INDUSTRY, PRISONS, SampleCourse, Year
from tafahom.exchange.rosters.file_report import Progress
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.identifiers import is_national_id
from tafahom.jalali import parse_date
from tafahom.persian import normal_key, to_ascii_digits
from tafahom.training.models import Enrolment, RosterImport


@pytest.fixture(scope="module")
def years() -> list[Year]:
    return make_years()[1]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the demonstration, for those who read them and leave them as they are."""
    folder = tmp_path_factory.mktemp("demo")
    call_command("demo", "write", folder, stdout=io.StringIO())
    return folder


def persons(courses: list[SampleCourse], partner: str = "") -> int:
    return len({s.trainee for c in courses if partner in ("", c.partner) for s in c.seats})


def hours(courses: list[SampleCourse], partner: str = "") -> int:
    return sum(s.hours for c in courses if partner in ("", c.partner) for s in c.seats)


def test_the_sample_year_has_the_published_figures(years: list[Year]) -> None:
    year = years[1].through()
    assert years[1].year == 1397
    assert (persons(year), hours(year)) == (5583, 594083)
    assert persons(year, PRISONS) == 932
    assert (persons(year, INDUSTRY), hours(year, INDUSTRY)) == (891, 34382)
    assert len({course.partner for course in year}) == 26
    assert len(years[1].courses) > len(year)  # later months are there and do not disturb


def test_what_is_made_up_could_be(years: list[Year]) -> None:
    for year in years:
        for course in year.courses:
            assert course.starts_on <= course.ends_on
            assert sum(length for _day, length in course.sessions) == course.hours
            for seat in course.seats:
                assert 0 < seat.hours <= course.hours
                who = seat.trainee
                assert who.fida_code or (
                    is_national_id(who.national_id) and who.national_id[0] == "9"
                )
                assert bool(seat.certificate) <= (seat.result == "قبول")


def test_people_count_once_though_they_come_again(years: list[Year]) -> None:
    before, year = (made.through() for made in years)
    partners = {course.partner for course in year}
    assert sum(persons(year, partner) for partner in partners) == 5583 + 47
    assert sum(len(course.seats) for course in year) > 5583 + 47
    back = {s.trainee for c in before for s in c.seats} & {s.trainee for c in year for s in c.seats}
    assert len(back) > 100
    for course in (*before, *year):
        assert len({seat.trainee for seat in course.seats}) == len(course.seats)


def test_some_promises_are_kept_and_some_are_not(years: list[Year]) -> None:
    agreements, _years = make_years()
    kept = {True: 0, False: 0}
    for agreement in agreements:
        done = [c for c in years[1].through() if c.agreement == agreement.number]
        if 1397 in agreement.targets:
            kept[hours(done) >= agreement.targets[1397][1]] += 1
    assert min(kept.values()) >= 10
    parents = {agreement.number for agreement in agreements if agreement.level == "ملی"}
    assert {a.parent for a in agreements if a.level == "استانی"} <= parents | {""}


def test_who_sits_in_a_course_could_sit_there(years: list[Year]) -> None:
    for year in years:
        for course in year.courses:
            genders = {seat.trainee.gender for seat in course.seats}
            assert course.title != "آرایشگر زنانه" or genders == {"زن"}
            assert course.title != "پیرایشگر مردانه" or genders == {"مرد"}
            for seat in course.seats:
                age = year.year - int(seat.trainee.birth_date[:4])
                assert 16 <= age <= 62
                assert course.audience != "سرباز وظیفه" or age <= 28
                assert not seat.trainee.education.endswith("لیسانس") or age > 24
                assert course.audience != "مهندس کشاورزی" or "لیسانس" in seat.trainee.education


def test_the_rosters_themselves_hold_the_published_figures(written: Path) -> None:
    """Read by a few lines of this test and not by the importer, as far as that is easy."""
    name = INDUSTRY.replace(" ", "_")
    rosters = [p for p in written.rglob("*.*") if re.fullmatch(rf"1397-\d\d-{name}", p.stem)]
    assert len(rosters) == 3
    found: set[str] = set()
    total = 0.0
    for path in rosters:
        for row in plain_rows(path):
            if row["end"] <= dt.date(2019, 1, 20):  # the last day of Dey
                found.add(row["id"])
                total += row["hours"]
    assert (len(found), total) == (891, 34382)


HEADS = {"id": r"کدملی", "end": r"تاریخپایان", "hours": r"ساعتحضور|نفرساعت"}


def plain_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Give identity, last day and hours of each row."""
    for rows in tables(path):
        places: dict[str, int] = {}
        for row in rows:
            keys = [normal_key(str(cell)) for cell in row]
            if not places:
                found = {
                    name: number
                    for name, head in HEADS.items()
                    for number, key in enumerate(keys)
                    if re.match(head, key)
                }
                places = found if len(found) == len(HEADS) else {}
            elif row[places["id"]]:
                end, hours = row[places["end"]], str(row[places["hours"]])
                yield {
                    "id": str(row[places["id"]]).strip().removesuffix(".0"),
                    "end": as_date(end),
                    "hours": float(to_ascii_digits(hours)),
                }


def as_date(cell: Any) -> dt.date:
    return cell if isinstance(cell, dt.date) else parse_date(str(cell).removesuffix(".0"))


def tables(path: Path) -> Iterator[list[list[Any]]]:
    if path.suffix == ".csv":
        text = path.read_bytes().decode("utf-8-sig")
        yield list(csv.reader(io.StringIO(text), delimiter=";"))
        return
    book = CalamineWorkbook.from_path(str(path))
    for sheet in book.sheets_metadata:
        if sheet.visible == SheetVisibleEnum.Visible:
            yield book.get_sheet_by_name(sheet.name).to_python()


def test_the_files_are_the_same_byte_for_byte_each_time(written: Path, tmp_path: Path) -> None:
    call_command("demo", "write", tmp_path / "one", stdout=io.StringIO())
    one, two = ({p.relative_to(f): p.read_bytes() for p in f.rglob("*") if p.is_file()}
                for f in (tmp_path / "one", written))  # fmt: skip
    assert one == two
    assert len(one) > 30
    with pytest.raises(CommandError) as refused:
        call_command("demo", "write", tmp_path / "one")
    assert refused.value.returncode == 2


@pytest.fixture
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.mark.django_db
def test_it_is_loaded_once_through_the_importer(folder: Path) -> None:
    call_command("init", verbosity=0)
    out = io.StringIO()
    call_command("demo", "load", stdout=out)
    assert not RosterImport.objects.exclude(rejected=0).exists()
    total = figures(FigureQuery(1397, 10)).total.values
    assert (total["persons"], total["person_hours"], total["partners"]) == (5583, 594083, 26)
    prisoners = figures(FigureQuery(1397, 10, where=(("audience", "زندانی"),))).total.values
    assert prisoners["persons"] == 932
    for dimension, member in (("partner", INDUSTRY), ("audience", "شاغل صنعت")):
        workers = figures(FigureQuery(1397, 10, where=((dimension, member),))).total.values
        assert (workers["persons"], workers["person_hours"]) == (891, 34382)
    whole = figures(FigureQuery(1397, 12)).total.values
    assert whole["person_hours"] > 594083
    before = figures(FigureQuery(1396, 10)).total.values
    assert before["persons"] == 4962

    states = set(Agreement.objects.values_list("state", flat=True))
    assert states == set(AgreementState.values)
    assert Agreement.objects.exclude(predecessor=None).count() == 2
    accepted, waiting = Proposal.objects.order_by("pk")
    assert (accepted.state, waiting.state) == ("accepted", "received")
    assert accepted.agreement is not None
    assert accepted.agreement.state == AgreementState.PROPOSED
    assert accepted.agreement.commitments.count() > 1

    accounts = json.loads((folder / "demo.json").read_text(encoding="utf-8"))["logins"]
    assert (folder / "demo.json").stat().st_mode & 0o077 == 0
    assert {role for name in accounts for role in roles_of(User.objects.get(username=name))} == set(
        Role
    )
    for name, password in accounts.items():
        assert User.objects.get(username=name).check_password(password)
        assert password in out.getvalue()

    count = Enrolment.objects.count()
    again = io.StringIO()
    call_command("demo", "load", stdout=again)
    assert again.getvalue() == out.getvalue()
    assert Enrolment.objects.count() == count


@pytest.mark.django_db
def test_it_is_not_loaded_among_the_records_of_others(folder: Path) -> None:
    call_command("init", verbosity=0)
    User.objects.create_user(username="someone", password="x")
    with pytest.raises(CommandError) as refused:
        call_command("demo", "load")
    assert refused.value.returncode == 2
    assert not RosterImport.objects.exists()


@pytest.mark.django_db
def test_a_folder_that_knows_a_demonstration_does_not_open_the_database_of_others(
    folder: Path,
) -> None:
    """Somebody tried the demonstration, then set DATABASE_URL to the directorate's records."""
    folder.mkdir()
    before = {"started": "0" * 64, "logins": {"officer": "known"}, "complete": True}
    (folder / "demo.json").write_text(json.dumps(before), encoding="utf-8")
    call_command("init", verbosity=0)
    User.objects.create_user(username="officer", password="x")
    with pytest.raises(CommandError) as refused:
        call_command("demo", "load")
    assert refused.value.returncode == 2
    assert User.objects.count() == 1
    assert not RosterImport.objects.exists()
    assert json.loads((folder / "demo.json").read_text(encoding="utf-8")) == before


@pytest.mark.django_db
def test_a_load_that_was_cut_off_is_finished_by_the_next(
    folder: Path, written: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def small_demo(folder: Path) -> list[Path]:
        """The whole demonstration is there, but only its three smallest rosters are given."""
        shutil.copytree(written, folder, dirs_exist_ok=True)
        rosters = (folder / "rosters").iterdir()
        return sorted(sorted(rosters, key=lambda path: path.stat().st_size)[:3])

    monkeypatch.setattr("tafahom.demonstration.loading.write_demo", small_demo)
    call_command("init", verbosity=0)

    def cut(progress: Progress) -> None:
        if progress.number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(progress=cut)
    assert not is_loaded()
    passwords = logins()

    reports = load_demo()
    now = ["imported"] * (len(reports) - 3)  # the years that run on the day of loading
    assert [report.status for report in reports] == ["unchanged", "imported", "imported", *now]
    assert is_loaded()
    assert logins() == passwords
    assert User.objects.count() == len(Role)

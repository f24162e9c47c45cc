"""Work that is killed at any moment leaves all of a step or nothing; done again, it is finished.

Imports and attendance are killed at random moments of their whole length, each as often as
``TAFAHOM_KILLS`` says (a few by default; 300 before a release); migrations and first starts, which
take half a minute each, a tenth as often.
"""

import csv
import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from counts import tell
from robustness.installation import Installation, Tally
from roster_files import HEADER, line, write_roster

KILLS = int(os.environ.get("TAFAHOM_KILLS", "6"))
FEW_KILLS = max(3, KILLS // 10)
CHANCE = int(os.environ.get("TAFAHOM_CHANCE", "97"))
FILES, ROWS, DAYS = 5, 120, 8
PEOPLE, SESSIONS = 20, 15
REGISTRIES = {
    "partners": "name,kind,main_audience\nاتاق اصناف ایران,غیردولتی,صنف\n",
    "agreements": "number,partner,level,signed_on,starts_on,ends_on,parent,target_persons,"
    "target_person_hours,year\n553/96/2508,اتاق اصناف ایران,استانی,1396/10/01,1396/11/01,1398/12/29,,,,\n",
}


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.close()


def found_an_office(installation: Installation) -> None:
    """Database, reference data, one partner and one agreement."""
    installation.database.migrate()
    installation.command("init")
    for name, text in REGISTRIES.items():
        file = installation.folder / f"{name}.csv"
        file.write_text(text, encoding="utf-8")
        installation.command("load", name, file)


def write_rosters(folder: Path) -> None:
    """Five files of 120 rows in six courses each; the last is a register of eight sessions."""
    folder.mkdir()
    for number in range(FILES - 1):
        rows = [
            line(number * ROWS + at, **{"کد دوره": f"1397{number:02}{at // 20:03}"})
            for at in range(ROWS)
        ]
        write_roster(folder / f"{number}.csv", *rows)
    days = [f"1397/03/{day:02}" for day in range(4, 4 + DAYS)]
    fields = [name for name in HEADER if name != "ساعت حضور"] + days
    with (folder / f"{FILES - 1}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields, extrasaction="ignore")
        writer.writeheader()
        writer.writerow({"نام": "ساعت جلسه", **dict.fromkeys(days, "4")})
        for at in range(ROWS):
            marks = {day: "حغتم"[(at + place) % 4] for place, day in enumerate(days)}
            course = {"کد دوره": f"1397{FILES:02}{at // 20:03}"}
            writer.writerow(line((FILES - 1) * ROWS + at, **course) | marks)


def test_imports(installation: Installation) -> None:
    chance = random.Random(CHANCE)
    found_an_office(installation)
    rosters = installation.folder / "rosters"
    write_rosters(rosters)
    installation.keep("empty")
    work = {"command": ["roster", "import", str(rosters), "--json"]}
    tally = Tally(installation.length_of(**work))
    truth = installation.work("look")
    assert truth["faults"] == []
    assert truth["imports"] == [[f"{number}.csv", ROWS, ROWS] for number in range(FILES)]
    assert (truth["enrolments"], truth["certificates"]) == (FILES * ROWS, FILES * ROWS)
    assert (truth["sessions"], truth["marks"]) == (6 * DAYS, ROWS * DAYS)
    installation.put_back("empty")
    for _ in range(KILLS):
        installation.kill(tally, chance, **work)
        seen = installation.work("look")
        assert seen["faults"] == []
        for name, accepted, found in seen["imports"]:
            assert accepted == found == ROWS, name
        assert seen["enrolments"] == seen["certificates"] == ROWS * len(seen["imports"])
        has_register = [f"{FILES - 1}.csv", ROWS, ROWS] in seen["imports"]
        assert seen["marks"] == (ROWS * DAYS if has_register else 0)
        if len(seen["imports"]) == FILES or chance.random() < 0.3:
            installation.command("roster", "import", rosters)
            again = installation.work("look")
            assert again == truth
            installation.put_back("empty")
    installation.command("roster", "import", rosters)
    assert installation.work("look") == truth
    persons = installation.work("persons", year=1397)
    assert persons == FILES * ROWS
    tell(f"imports: {tally}")


def test_attendance(installation: Installation) -> None:
    chance = random.Random(CHANCE)
    found_an_office(installation)
    people = [line(at, **{"کد دوره": "13970001"}) for at in range(PEOPLE)]
    roster = write_roster(installation.folder / "0.csv", *people)
    installation.command("roster", "import", roster)
    course = {"course_code": "13970001"}
    installation.work("prepare", **course, sessions=SESSIONS)
    work = {"work": "save", "with": course}
    tally = Tally(installation.length_of(**work))
    seen = installation.work("look", register="13970001")
    assert (seen["faults"], seen["marks"]) == ([], PEOPLE * SESSIONS)
    for _ in range(KILLS):
        before = seen["saves"]
        when = installation.kill(tally, chance, **work)
        seen = installation.work("look", register="13970001")
        assert seen["faults"] == []
        assert seen["marks"] % PEOPLE == 0
        assert before <= seen["saves"] <= before + 4
        assert when != "before" or seen["saves"] == before
    step = installation.work("save", **course)
    seen = installation.work("look", register="13970001")
    assert (seen["faults"], seen["saves"]) == ([], step)
    tell(f"attendance: {tally}")


@pytest.fixture(scope="module")
def old_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An office with data, its database as the first release left it, kept as "old"."""
    installation = Installation(tmp_path_factory.mktemp("old"))
    found_an_office(installation)
    rosters = installation.folder / "rosters"
    write_rosters(rosters)
    installation.command("roster", "import", rosters)
    installation.work("age")
    applied = installation.work("schema")["applied"]
    ours = {"access", "agreements", "audit", "credentials", "exchange", "jobs", "parties", "people"}
    later = {one.split(".")[0] for one in applied if not one.split(".")[1].startswith("0001")}
    for app in sorted(later & (ours | {"training"})):
        installation.command("migrate", app, "0001", "--verbosity", "0")
    for name in ("audit-key", "audit-mark"):  # which were not there yet
        (installation.data / name).unlink(missing_ok=True)
    installation.keep("old")
    yield installation
    installation.close()


def upgrade(office: Installation) -> None:
    """Bring an old office to this version, as the changelog says."""
    office.command("init")
    office.command("audit", "accept", "--reason", "Upgraded", may_find=True)


def test_migrations(old_office: Installation) -> None:
    chance = random.Random(CHANCE)
    work = {"command": ["init"]}
    tally = Tally(old_office.length_of(**work))
    upgrade(old_office)
    truth, looked = old_office.work("schema"), old_office.work("look")
    assert looked["faults"] == []
    for number in range(FEW_KILLS):
        # Sometimes what was killed already is killed again.
        if not number or chance.random() < 0.6:
            old_office.put_back("old")
        old_office.kill(tally, chance, **work)
        assert set(old_office.work("schema")["applied"]) <= set(truth["applied"])
        if chance.random() < 0.5:
            upgrade(old_office)
            assert old_office.work("schema") == truth
            assert old_office.work("look") == looked
    upgrade(old_office)
    assert old_office.work("schema") == truth
    assert old_office.work("look") == looked
    tell(f"migrations: {tally}")


def test_a_first_start(installation: Installation) -> None:
    chance = random.Random(CHANCE)
    installation.data.mkdir()
    if not installation.database.is_server:
        installation.database.file.touch()
    installation.keep("nothing")
    tally = Tally(installation.length_of(command=["init"]))
    truth = installation.work("schema")
    for _ in range(FEW_KILLS // 2):
        installation.put_back("nothing")
        installation.kill(tally, chance, command=["init"])
        installation.command("init")
        again = installation.work("schema")
        assert again["schema"] == truth["schema"]
        assert again["triggers"] == truth["triggers"]
        assert again["applied"] == truth["applied"]
        assert installation.work("look")["faults"] == []
    tell(f"first starts: {tally}")


def test_a_migration_and_the_note_of_it_are_one(old_office: Installation) -> None:
    """Django's own command leaves a gap between the two, which random moments seldom hit."""
    old_office.put_back("old")
    before = old_office.work("schema")
    for count in (1, 2):
        old_office.put_back("old")
        old_office.hands.start(work="die", **{"with": {"count": count}})
        killed = old_office.hands.end()
        assert killed["status"] < 0
        seen = old_office.work("schema")
        assert len(seen["applied"]) == len(before["applied"]) + count - 1
        assert (seen["schema"] == before["schema"]) == (count == 1)
    # After the first nothing has changed, and how that is upgraded is looked at above.
    upgrade(old_office)
    assert old_office.work("look")["faults"] == []

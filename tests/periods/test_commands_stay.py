"""Every command, with what moves figures of an open month: no figure of a closed month moves."""

import argparse
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from django.core.management import (
    CommandError,
    call_command,
    get_commands,
    load_command_class,
)
from django.db import transaction
from pytest_django.fixtures import Settings

from periods import seals
from periods.office import (
    CLOSED,
    add_requests,
    add_uploads,
    open_office,
    provinces,
    roster_lines,
)
from periods.walk import writers
from roster_files import write_roster
from tafahom.access.rules import Role
from tafahom.periods.messages import refusal_in
from web.directorate import Directorate

pytestmark = pytest.mark.django_db
HOURS = {"ساعت حضور": "95"}
REGISTRIES = {
    "partners": "name,kind\nدستگاه یک,صنفی\nدستگاه دو,دولتی\nدستگاه نو,دولتی\n",
    "centres": "name,type,county\nمرکز یک,زندان,\nمرکز دو,,نظرآباد\nمرکز نو,زندان,نظرآباد\n",
    "standards": "code,title,theory_hours,cluster\n721220230030011,جوشکار آرگون,9,خدمات\n,جوشکاری,9,خدمات\n",
    "agreements": "number,partner,level,starts_on,ends_on,year,target_persons\n"
    "3/97,دستگاه یک,استانی,1395/1/1,1399/12/29,1397,999\n"
    "2/97,دستگاه یک,استانی,1395/1/1,1399/12/29,1397,999\n"
    "11/97,دستگاه یک,استانی,1395/1/1,1399/12/29,1397,999\n",
    "lists": "list,name,synonyms\ncluster,صنعت,خدمات فنی\ncluster,خوشه نو,\n",
}


@dataclass
class Place:
    """The office and a folder of files to give to commands."""

    office: Directorate
    folder: Path

    def registry(self, name: str) -> str:
        """A file that changes what closed months are grouped by, and adds a record."""
        path = self.folder / f"new-{name}.csv"
        path.write_text(REGISTRIES[name], encoding="utf-8")
        return str(path)

    def roster(self, month: str, *serials: int, **changes: str) -> str:
        """A file of rows of a month; what ``changes`` leave empty is left out."""
        rows = roster_lines(month, *serials, **changes)
        rows = [{name: value for name, value in row.items() if value} for row in rows]
        path = self.folder / f"{month}-{len(list(self.folder.iterdir()))}.csv"
        return str(write_roster(path, *rows))

    def uid(self, kind: str, variant: str = "own") -> str:
        """What a record is called."""
        return str(self.office.records[kind][variant].uid)

    def people(self, *variants: str) -> list[str]:
        """Who is enrolled in courses."""
        courses = [self.office.records["course"][one] for one in variants]
        return [
            uid
            for course in courses
            for uid in course.enrolments.values_list("person__uid", flat=True)
        ]


def rosters(place: Place) -> Iterator[list[str]]:
    """Give what is sent of the closed month and of the open one: new rows and others of known."""
    closed, opened = ("05", 1, 2), ("06", 1, 2)
    retaken = {"ساعت حضور": "100", "نمره کتبی": "95", "نمره عملی": "90"}
    others: list[dict[str, str]] = [
        {},
        HOURS,
        retaken,
        {"جنسیت": "مرد"},
        {"تحصیلات": "دیپلم"},
        {"گروه مخاطب": "صنف"},
        {"نام مرکز": "مرکز دو"},
        {"نام مرکز": "مرکز تازه"},
        {"شماره تفاهم‌نامه": "2/97"},
        {"کد استاندارد": "", "عنوان دوره": "جوشکاری", "خوشه": "خدمات"},
        {"خوشه": "خدمات", "ساعت نظری": "10", "شهرستان": "نظرآباد", "نوع مرکز": "زندان"},
        {"شماره گواهینامه": "9700099"},
    ]
    for changes in others:
        files = [place.roster(*which, 5, **changes) for which in (closed, opened)]
        yield ["import", *files, "--replace"]
    yield ["import", place.roster(*closed), place.roster(*opened)]
    yield ["import", place.roster("05", 7, 8), place.roster("06", 7, 8), "--all-or-nothing"]
    for month in ("05", "06"):
        bare = place.roster(month, 1, 9, **{"شماره تفاهم‌نامه": "", "نام مرکز": ""})
        given = ["--given", "agreement_number=3/97", "--given", "centre=مرکز یک", "--replace"]
        yield ["import", bare, *given]
        odd = place.roster(month, 1, 9, **{"نمره عملی": "", "امتیاز": "70"})
        yield ["import", odd, "--answer", "column:امتیاز=practical_mark", "--remember"]
    yield ["check", place.roster("05", 1, 9), "--replace"]
    for variant in ("own", "other_course"):
        yield ["undo", place.uid("roster_import", variant)]
    yield ["history"]


def retention(place: Place) -> Iterator[list[str]]:
    """Give all that forgets people of the closed month."""
    request, one = place.uid("retention_request"), place.people("own")[0]
    yield ["propose", *place.people("other_agreement"), "--by", OFFICER]
    yield ["propose", "--by", OFFICER]
    yield ["approve", request, "--by", DIRECTOR]
    yield ["decline", request, "--note", "نامه‌ای از آنان نیست", "--by", DIRECTOR]
    yield ["erase", one, "--reference", "۱۲"]
    yield from (["run"], ["rules"], ["list"], ["erased"])


def loads(place: Place) -> Iterator[list[str]]:
    """Give all registries, and the undo of one that had moved what is closed since."""
    for name in REGISTRIES:
        yield [name, place.registry(name)]
    yield ["undo", place.uid("load"), "--dry-run"]
    yield ["undo", place.uid("load")]
    yield ["history"]


def accounts(place: Place) -> Iterator[list[str]]:
    """Give what the operator decides of accounts."""
    request = place.uid("account_request")
    yield ["list"]
    yield ["confirm", request]
    yield ["refuse", request, "--note", "کسی او را نمی‌شناسد"]
    yield ["reset-second-step", OFFICER, "--reason", "گوشی او گم شده است"]


OFFICER, DIRECTOR = (f"writer-{role.value}" for role in (Role.AGREEMENTS_OFFICER, Role.DIRECTOR))
PERIOD = ["--year", "1397", "--through", "5"]
# What is not run here, and why it moves nothing.
REASONS = {
    "serve": "a process: what it answers is walked page by page",
    "work": "a process: what it works at are tasks that pages and commands begin",
    "db_worker": "the process that work starts",
    "backup": "it reads; tests of operations compare what is restored with what was",
    "restore": "only into an empty installation, as tests of operations see",
}
COMMANDS: dict[str, Callable[[Place], Iterable[list[str]]]] = {
    "account": accounts,
    "audit": lambda place: [
        ["verify"], ["head"], ["send-heads"], ["accept", "--reason", "پس از بازگرداندن پشتیبان"],
        ["export-heads", "-o", str(place.folder / "heads")],
    ],
    "demo": lambda place: [["load"], ["write", str(place.folder / "demo")]],
    "digest": lambda _place: [[]],
    "doctor": lambda _place: [[]],
    "init": lambda _place: [[]],
    "invite": lambda _place: [["somebody-new"], ["writer-planner", "--again"]],
    "keys": lambda _place: [["list"], ["new"], ["rotate"], ["retire", "1"]],
    "load": loads,
    "migrate": lambda _place: [["--no-input"]],
    "periods": lambda _place: [["check"], ["check", "--queue"]],
    "press": lambda place: [[*PERIOD, "-o", str(place.folder / "p.txt")]],
    "report": lambda _place: [PERIOD],
    "retention": retention,
    "roster": rosters,
    "verify": lambda _place: [["97/1"]],
}  # fmt: skip
MUST_WRITE = {
    "account reset-second-step", "init", "invite somebody-new", "keys rotate", "load partners", "load centres", "load standards",
    "load agreements", "load lists", "retention approve", "retention erase", "retention propose",
    "roster import", "roster undo",
}  # fmt: skip


def ours() -> dict[str, str]:
    """Return our commands with their apps."""
    return {name: str(app) for name, app in get_commands().items() if "tafahom." in str(app)}


def run(name: str, arguments: list[str]) -> None:
    """Run a command as the terminal does; what it refuses, it says."""
    said = io.StringIO()
    try:
        with transaction.atomic(), redirect_stdout(said), redirect_stderr(said):
            call_command(name, *arguments, stdout=said, stderr=said)
    except (CommandError, SystemExit):
        return
    except Exception as error:
        if refusal_in(error) is None:  # which ``config.cli`` says in words
            raise


@pytest.fixture
def place(db: None, settings: Settings, tmp_path: Path) -> Place:
    settings.PROVINCE_CODE = "test"
    folder = tmp_path / "files"
    folder.mkdir()
    office = open_office(tmp_path)
    officer = writers(office)[Role.AGREEMENTS_OFFICER]
    add_uploads(office, by=officer)
    add_requests(office, by=officer)
    return Place(office, folder)


def test_every_command_has_a_row_and_every_word_of_it(place: Place) -> None:
    assert COMMANDS.keys() | REASONS.keys() == ours().keys()
    assert not COMMANDS.keys() & REASONS.keys()
    for name, told in COMMANDS.items():
        parser = load_command_class(ours()[name], name).create_parser("tafahom", name)
        for action in parser._actions:
            if isinstance(action, argparse._SubParsersAction):
                assert action.choices.keys() == {arguments[0] for arguments in told(place)}, name


def test_no_command_moves_a_figure_of_a_closed_month(place: Place) -> None:
    before = seals.tables()
    watch = seals.Watch(CLOSED, *provinces())
    told = [(name, one) for name, arguments in COMMANDS.items() for one in arguments(place)]
    for keeps in (False, True):
        for name, arguments in told:
            with transaction.atomic():
                word = " ".join([name, *arguments[:1]])
                watch.over(word, [name, *arguments], partial(run, name, arguments))
                transaction.set_rollback(not keeps)
    assert not watch.wrong, "\n".join(watch.wrong)
    assert not MUST_WRITE - watch.wrote
    assert seals.tables() == before
    assert not seals.moved()

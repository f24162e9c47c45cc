"""Whatever is done to the audit past the application is found."""

import datetime as dt
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.conftest import Unguarded
from audit.tampering import BY_SQL, WEAKENED, Tamperer, run
from counts import tell
from rosters import course, entry, prepare
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.audit import delivery, marks, outside, signing
from tafahom.audit.accepting import accept
from tafahom.audit.actions import record
from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.examination import examine_audit
from tafahom.audit.models import Change, Entry, Head
from tafahom.audit.sealing import seal
from tafahom.audit.verification import SealedHead, sealed_heads, verify
from tafahom.parties.actions import named_record, save_partner
from tafahom.parties.models import PartnerKind
from tafahom.training.rosters.actions import record_roster

pytestmark = pytest.mark.django_db

# A few of each kind by default; 1,000 before a release.
TAMPERINGS = int(os.environ.get("TAFAHOM_TAMPERINGS", "100"))
SEED = int(os.environ.get("TAFAHOM_CHANCE", "20261123"))
FIRST = dt.datetime(2026, 3, 19, 20, 28, tzinfo=dt.UTC)  # two minutes before midnight in Tehran


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The time; put another into it."""
    now = [FIRST]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


@pytest.fixture
def users(db: None) -> list[User]:
    return [User.objects.create(username=name) for name in ("clerk", "officer")]


@pytest.fixture
def chain(clock: list[dt.datetime], users: list[User]) -> list[SealedHead]:
    """Four days of acts, three of which changed a partner; all of it sealed. Its heads."""
    for kind in ("دولتی", "غیردولتی"):
        named_record(PartnerKind, kind)
    for number in range(40):
        clock[0] = FIRST + dt.timedelta(hours=2 * number, microseconds=number * 137)
        if number % 12 == 0:
            kind = "دولتی" if number % 24 else "غیردولتی"
            save_partner(name="اتاق اصناف", kind=kind, by=users[0])
        record(
            action=f"test.{number % 3}",
            target=f"person:{number:024x}",
            details={"شمار": number, "of": [1.5, "الف", None]},
            by=[*users, None][number % 3],
        )
    seal()
    return [head for head in sealed_heads() if isinstance(head, SealedHead)]


@pytest.fixture
def office(
    chain: list[SealedHead],
    users: list[User],
    settings: Settings,
    tmp_path: Path,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> Callable[[], Counter[str]]:
    """The chain, a roster, a role, the mark of it all, heads outside; what the check finds."""
    with django_capture_on_commit_callbacks(execute=True):
        prepare()
        facts = course(sessions=((dt.date(2018, 5, 26), 240),))
        rows = [entry(row, facts, attendance=(("present", 240),)) for row in range(2, 5)]
        record_roster(rows, sha256="a" * 64, file_name="a.csv", rows=3, rejected=0, by=None)
        give_role(user=users[0], role=Role.PLANNER, valid_to=dt.date(2030, 1, 1), by=None)
        seal()
    settings.AUDIT_HEADS = str(tmp_path)
    delivery.deliver()
    return lambda: Counter(one.kind for one in examine_audit().findings)


def kinds(kept: list[SealedHead]) -> Counter[str]:
    return Counter(one.kind for one in verify(signing.signer().public_keys(), kept).findings)


def test_what_nobody_touched_is_intact(chain: list[SealedHead]) -> None:
    assert kinds(chain) == {}
    assert len(chain) == 5
    assert Change.objects.count() == 3


def test_tamperings_of_every_kind_are_all_found(
    office: Callable[[], Counter[str]],
    users: list[User],
    unguarded: Unguarded,
) -> None:
    tamperer = Tamperer(SEED, [user.pk for user in users])
    tamperer.older_mark = marks.mark_file().read_bytes()
    assert office() == {}
    drawn = tamperer.draw(TAMPERINGS)
    missed: list[str] = []
    found: Counter[str] = Counter()

    @contextmanager
    def heads_outside(is_needed: bool) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            if not is_needed:
                patch.setattr(delivery, "delivered", list)
            yield

    def tamper(name: str) -> None:
        point, mark = transaction.savepoint(), marks.mark_file().read_bytes()
        tamperer.do(name)
        # Of all kinds only one needs the heads outside to be found.
        with heads_outside("older mark" in name):
            kinds = office() + Counter("guard" for _one in flaws() if name in WEAKENED)
        found.update(set(kinds))
        missed.extend([] if kinds else [name])
        transaction.savepoint_rollback(point)
        marks.mark_file().write_bytes(mark)

    past_guards = [name for name in drawn if name in BY_SQL or name in WEAKENED]
    if connection.vendor == "postgresql":  # a table with checks to come cannot be altered
        run("SET CONSTRAINTS ALL IMMEDIATE")
    assert flaws() == []
    for name in past_guards:
        tamper(name)
    with unguarded():
        if connection.vendor == "postgresql":  # a constraint is no hurdle for who owns the tables
            run("SET CONSTRAINTS ALL DEFERRED")
        for name in drawn:
            if name not in past_guards:
                tamper(name)
        assert office() == {}
    tell(f"tamperings on {connection.vendor}: {len(drawn)} of {len(set(drawn))} kinds,"
         f" {len(missed)} missed; found as {dict(found.most_common())}")  # fmt: skip
    assert missed == []
    assert len(drawn) == TAMPERINGS


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL holds no such bytes")
@pytest.mark.parametrize("column", ["at", "action", "target", "digest", "previous"])
def test_bytes_that_are_no_text_are_found(
    chain: list[SealedHead], unguarded: Unguarded, column: str
) -> None:
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_entry SET {column} = CAST(x'ff80' AS TEXT) WHERE id = 7")
        assert kinds(chain)["entry"] == 1


def test_a_tail_that_nobody_sealed_is_missed_only_until_it_is_sealed(
    chain: list[SealedHead], unguarded: Unguarded
) -> None:
    record(action="test.late", by=None)
    with unguarded():
        Entry.objects.latest("id").delete()
    assert kinds(chain) == {}
    record(action="test.late", by=None)
    seal()
    with unguarded():
        Entry.objects.latest("id").delete()
    assert kinds(chain) == {"cut": 1}


def test_each_day_is_sealed_by_the_first_act_of_the_next(clock, db: None) -> None:
    record(action="test.one", by=None)
    clock[0] += dt.timedelta(seconds=110)
    record(action="test.two", by=None)
    assert not Head.objects.exists()
    clock[0] += dt.timedelta(seconds=20)  # past midnight in Tehran
    record(action="test.three", by=None)
    head = Head.objects.get()
    assert (head.last, head.count, str(head.day)) == (2, 2, "2026-03-19")
    assert verify(signing.signer().public_keys()).intact


def test_a_day_without_head_is_found(chain: list[SealedHead], unguarded: Unguarded) -> None:
    with unguarded():
        Head.objects.all().delete()
    found = verify(signing.signer().public_keys())
    assert {one.kind for one in found.findings} == {"unsealed"}
    assert len(found.findings) == 4


def test_work_goes_on_without_the_key_and_days_are_sealed_when_it_is_back(
    chain: list[SealedHead], clock, caplog
) -> None:
    text = signing.key_file().read_text()
    signing.key_file().unlink()
    for _day in range(2):
        clock[0] += dt.timedelta(days=1)
        record(action="test.later", by=None)
    assert "audit key" in caplog.text
    assert not signing.present()  # a key in its place would hide that it is gone
    signing.key_file().write_text(text)
    assert kinds(chain) == {
        "unsealed": 1,
        "forged": 2,
    }  # the first of the two days went on after its seal
    seal()
    assert kinds(chain) == {"forged": 2}  # nobody but their writers knows that they are true
    accept(reason="کلید دو روز نبود")
    assert kinds(chain) == {}


def test_heads_go_out_and_come_back(chain: list[SealedHead], tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    call_command("audit", "export-heads", "-o", str(file), stdout=StringIO())
    assert outside.read(file.read_text()).heads == chain
    assert told("verify", "--json", "--heads", str(file))["intact"]


def told(*arguments: str, status: int = 0) -> Any:
    out = StringIO()
    if status:
        with pytest.raises(SystemExit) as ended:
            call_command("audit", *arguments, stdout=out)
        assert ended.value.code == status
    else:
        call_command("audit", *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def test_a_chain_made_anew_with_another_key_is_found_from_outside(
    chain: list[SealedHead], tmp_path: Path, unguarded: Unguarded
) -> None:
    """Who has the whole machine can write another past; not the file that is elsewhere."""
    file = tmp_path / "heads.jsonl"
    call_command("audit", "export-heads", "-o", str(file), stdout=StringIO())
    with unguarded():
        Change.objects.all().delete()
        Head.objects.all().delete()
        Entry.objects.all().delete()
    signing.key_file().unlink()
    marks.mark_file().unlink()
    for number in range(3):
        record(action=f"other.{number}", by=None)
    seal()
    assert told("verify", "--json")["intact"]
    found = told("verify", "--json", "--heads", str(file), status=1)["findings"]
    assert {one["kind"] for one in found} >= {"outside"}


def test_the_command_says_what_it_found(chain: list[SealedHead], unguarded: Unguarded) -> None:
    assert "40" in told("verify")
    with unguarded():
        Entry.objects.filter(pk=9).update(target="person:other")
    assert "9" in told("verify", status=1)
    assert told("verify", "--json", status=1)["findings"] == [{"kind": "entry", "number": 9}]


@pytest.mark.parametrize("text", ["", "nothing", '{"format": "other"}', '{"format": 1'])
def test_a_file_without_heads_is_unusable(chain, tmp_path: Path, text: str) -> None:
    file = tmp_path / "heads"
    file.write_text(text)
    with pytest.raises(CommandError) as refused:
        call_command("audit", "verify", "--heads", str(file))
    assert refused.value.returncode == 2


def test_nothing_to_seal_is_said(db: None) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("audit", "head")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "audit_change"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 100", "DELETE FROM {}"])
def test_the_database_refuses(chain: list[SealedHead], table: str, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement.format(table))
    assert kinds(chain) == {}


@pytest.mark.parametrize("table", ["audit_entry", "audit_head", "audit_change"])
def test_the_database_refuses_to_empty_or_replace(chain: list[SealedHead], table: str) -> None:
    statement = f"TRUNCATE {table} CASCADE"
    if connection.vendor == "sqlite":
        statement = f"INSERT OR REPLACE INTO {table} SELECT * FROM {table} LIMIT 1"
    else:
        run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(statement)
    assert kinds(chain) == {}

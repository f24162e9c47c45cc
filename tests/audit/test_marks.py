"""The mark outside the database: what it finds, and that it never cries wolf."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from audit.conftest import Unguarded
from audit.tampering import digest_anew
from tafahom.audit import marks, signing
from tafahom.audit.actions import record
from tafahom.audit.examination import examine_audit
from tafahom.audit.marks import Mark
from tafahom.audit.models import Change, Entry, Head
from tafahom.audit.rules import GENESIS
from tafahom.audit.sealing import seal


def mark() -> Mark:
    found = marks.read(signing.signer().public_keys())
    assert found
    return found


def findings() -> list[str]:
    return [one.kind for one in examine_audit().findings]


@pytest.fixture
def three(transactional_db: None) -> list[Entry]:
    return [record(action=f"test.{number}", by=None) for number in range(3)]


def test_it_tells_of_the_last_entry(three: list[Entry]) -> None:
    assert (mark().last, mark().digest) == (3, three[2].digest)
    assert findings() == []
    assert marks.mark_file().stat().st_mode & 0o777 == 0o600


def test_what_is_rolled_back_is_never_told_of(three: list[Entry]) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_and_fail()
    assert mark().last == 3
    with transaction.atomic():
        record(action="test.kept", by=None)
        point = transaction.savepoint()
        record(action="test.lost", by=None)
        transaction.savepoint_rollback(point)
        assert mark().last == 3
    assert mark().last == 4
    assert findings() == []


@transaction.atomic
def _record_and_fail() -> None:
    record(action="test.lost", by=None)
    raise ZeroDivisionError


def test_a_first_entry_that_is_rolled_back_leaves_a_true_mark(transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError):
        _record_and_fail()
    assert (mark().last, mark().digest) == (0, GENESIS)
    record(action="test.first", by=None)
    assert mark().last == 1


def empty() -> None:
    Change.objects.all().delete()
    Head.objects.all().delete()
    Entry.objects.all().delete()


def cut() -> None:
    seal()
    Head.objects.all().delete()
    Entry.objects.filter(pk=3).delete()


@pytest.mark.parametrize("work", [empty, cut])
def test_a_chain_that_was_cut_with_its_heads_is_found(
    three: list[Entry], unguarded: Unguarded, work: Callable[[], None]
) -> None:
    with unguarded():
        work()
    assert set(findings()) <= {"shortened", "head"}
    # The acts that follow do not hide it.
    for number in range(5):
        record(action=f"test.later{number}", by=None)
    assert mark().last == 3
    assert "shortened" in findings()


def test_a_head_alone_that_is_gone_is_found(three: list[Entry], unguarded: Unguarded) -> None:
    seal()
    with unguarded():
        Head.objects.all().delete()
    assert findings() == ["head"]


def test_what_stood_behind_the_mark_is_no_fault(three: list[Entry]) -> None:
    """A process died between its transaction and the mark."""
    marks.write(Mark(0, 2, three[1].digest, 0, 0))
    assert findings() == []
    record(action="test.later", by=None)
    assert mark().last == 4


def test_a_mark_that_is_gone_or_not_ours_is_found_and_not_made_anew(three: list[Entry]) -> None:
    text = marks.mark_file().read_bytes()
    marks.mark_file().write_bytes(text.replace(b'"generation": 0', b'"generation": 7'))
    record(action="test.later", by=None)
    assert findings() == ["mark"]
    marks.mark_file().unlink()
    record(action="test.later", by=None)
    assert findings() == ["unmarked"]
    assert not marks.mark_file().exists()


@pytest.mark.parametrize("place", [0, 1])
def test_a_torn_write_leaves_the_other_place(three: list[Entry], place: int) -> None:
    with marks.mark_file().open("r+b") as file:
        file.seek(place * marks.BLOCK + 40)
        file.write(b"\0" * 300)
    assert mark().last in (2, 3)
    assert findings() == []
    record(action="test.later", by=None)
    assert mark().last == 4


@pytest.mark.skipif(connection.vendor == "sqlite", reason="tests/robustness has it in a file")
def test_processes_that_raise_it_at_once_leave_the_highest(three: list[Entry]) -> None:
    def work(name: int) -> None:
        for number in range(5):
            record(action=f"test.{name}.{number}", by=None)
        connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert mark().last == Entry.objects.count() == 23
    assert findings() == []


def _write_for_ever() -> None:
    for number in range(1, 10**9):
        marks.write(Mark(0, number, GENESIS, 0, 0))


@pytest.mark.parametrize("_again", range(3))
def test_a_writer_that_is_killed_leaves_a_signed_mark(
    data_dir: Path, db: None, _again: int
) -> None:
    marks.write(Mark(0, 0, GENESIS, 0, 0))
    writer = multiprocessing.get_context("fork").Process(target=_write_for_ever)
    writer.start()
    time.sleep(0.15)
    assert writer.pid
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()
    assert mark().last > 0


def test_work_goes_on_where_the_mark_cannot_be_written(
    three: list[Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", refuse)
        record(action="test.later", by=None)
    assert mark().last == 3
    assert findings() == []


def test_an_entry_digested_as_at_first_is_found_where_that_had_ended(
    three: list[Entry], unguarded: Unguarded
) -> None:
    """A chain that is right in itself, written anew in the way of before."""
    with unguarded():
        digest_anew(1, first_way=True)
    kinds = findings()
    assert kinds[:3] == ["downgrade"] * 3
    assert "shortened" in kinds

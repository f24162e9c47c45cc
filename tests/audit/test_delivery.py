"""Heads go outside by themselves, and the check compares what lies there."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django.fixtures import Settings

from audit.conftest import Unguarded
from tafahom.audit import delivery, outside
from tafahom.audit.actions import record
from tafahom.audit.examination import examine_audit
from tafahom.audit.models import Entry, Head
from tafahom.audit.sealing import seal

FIRST = dt.datetime(2026, 3, 19, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    now = [FIRST]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    return now


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A folder that is somebody else's."""
    settings.AUDIT_HEADS = str(tmp_path / "other")
    (tmp_path / "other").mkdir()
    return tmp_path / "other"


def findings() -> list[str]:
    return [one.kind for one in examine_audit().findings]


def act_on_days(clock: list[dt.datetime], days: int) -> None:
    for day in range(days):
        clock[0] = FIRST + dt.timedelta(days=day)
        record(action="test.act", by=None)


def test_each_ended_day_goes_out_by_itself(
    clock: list[dt.datetime], folder: Path, transactional_db: None
) -> None:
    act_on_days(clock, 3)
    heads = delivery.delivered()
    # The task signs the day of now too.
    assert [head.day.isoformat() for head in heads][:2] == ["2026-03-19", "2026-03-20"]
    assert {head.last for head in heads} >= {1, 2}
    assert findings() == []
    assert delivery.overdue() is None


def test_nothing_is_sent_twice_and_nothing_written_over(
    clock: list[dt.datetime], folder: Path, db: None
) -> None:
    act_on_days(clock, 2)
    assert delivery.deliver() == 2
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    assert delivery.deliver() == 0
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_a_past_that_is_written_anew_is_found_by_what_lies_there(
    clock: list[dt.datetime], folder: Path, db: None, unguarded: Unguarded
) -> None:
    act_on_days(clock, 2)
    delivery.deliver()
    with unguarded():
        Head.objects.all().delete()
        Entry.objects.all().delete()
    record(action="test.other", by=None)
    act_on_days(clock, 2)
    seal()
    assert findings().count("outside") == 2


def test_a_folder_that_is_away_is_said(clock: list[dt.datetime], folder: Path, db: None) -> None:
    act_on_days(clock, 2)
    folder.rmdir()
    assert findings() == ["away"]
    with pytest.raises(CommandError) as refused:
        call_command("audit", "send-heads", stdout=StringIO())
    assert refused.value.returncode == 2


def test_a_file_that_holds_no_heads_is_said(
    clock: list[dt.datetime], folder: Path, db: None
) -> None:
    act_on_days(clock, 1)
    (folder / "head-000009-0.jsonl").write_text("nothing", encoding="ascii")
    assert findings() == ["away"]


def test_work_goes_on_while_the_folder_is_away_and_the_rest_is_sent_later(
    clock: list[dt.datetime], folder: Path, transactional_db: None
) -> None:
    folder.rmdir()
    act_on_days(clock, 3)
    folder.mkdir()
    clock[0] = FIRST + dt.timedelta(days=9)
    assert delivery.overdue() == FIRST.date()
    call_command("audit", "send-heads", stdout=StringIO())
    assert len(delivery.delivered()) == 3
    assert delivery.overdue() is None


def test_heads_go_to_an_address(
    clock: list[dt.datetime], settings: Settings, db: None, tmp_path: Path
) -> None:
    settings.AUDIT_HEADS = "mailto:auditor@example.ir"
    settings.SENDS_MAIL = True
    act_on_days(clock, 2)
    assert (delivery.deliver(), delivery.deliver()) == (2, 0)
    clock[0] += dt.timedelta(days=1)
    record(action="test.act", by=None)
    assert delivery.deliver() == 1
    first, second = mail.outbox
    assert first.to == ["auditor@example.ir"]
    file = tmp_path / "heads.jsonl"
    file.write_text(str(first.attachments[0][1]), encoding="ascii")
    assert [head.last for head in outside.read(file.read_text()).heads] == [1, 2]
    call_command("audit", "verify", "--heads", str(file), stdout=StringIO())
    assert len(outside.read(str(second.attachments[0][1])).heads) == 1


def test_an_address_without_a_server_of_email_is_said(
    clock: list[dt.datetime], settings: Settings, db: None
) -> None:
    settings.AUDIT_HEADS = "mailto:auditor@example.ir"
    act_on_days(clock, 1)
    with pytest.raises(CommandError) as refused:
        call_command("audit", "send-heads", stdout=StringIO())
    assert refused.value.returncode == 2
    assert "EMAIL_URL" in str(refused.value)

"""A chain that is shorter than it was is accepted by an act, and that stays to be seen."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from audit.conftest import Unguarded
from tafahom.audit import delivery, marks, signing
from tafahom.audit.accepting import note_restored
from tafahom.audit.actions import record
from tafahom.audit.models import Change, Entry, Head
from tafahom.audit.rules import ACCEPTED
from tafahom.audit.sealing import seal


def tafahom_audit(*arguments: str, status: int = 0) -> Any:
    out = StringIO()
    if status:
        with pytest.raises(SystemExit) as ended:
            call_command("audit", *arguments, stdout=out)
        assert ended.value.code == status
    else:
        call_command("audit", *arguments, stdout=out)
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def kinds(**options: int) -> list[str]:
    return [one["kind"] for one in tafahom_audit("verify", "--json", **options)["findings"]]


@pytest.fixture
def shortened(
    transactional_db: None, unguarded: Unguarded, settings: Settings, tmp_path: Path
) -> None:
    """Twelve entries whose last five are gone with their head, which lies outside too."""
    settings.AUDIT_HEADS = str(tmp_path)
    for number in range(12):
        record(action=f"test.{number}", by=None)
    delivery.deliver()
    with unguarded():
        Head.objects.all().delete()
        Entry.objects.filter(pk__gt=7).delete()


def test_an_installation_of_before_the_mark_accepts_once(transactional_db: None) -> None:
    """It has entries, but neither a key, nor a head, nor a mark."""
    for number in range(3):
        record(action=f"test.{number}", by=None)
    for file in (signing.key_file(), marks.mark_file()):
        file.unlink()
    assert kinds(status=1)
    tafahom_audit("accept", "--reason", "Upgraded")
    assert kinds() == []


def test_it_is_found_until_it_is_accepted_and_then_told(shortened: None) -> None:
    assert sorted(kinds(status=1)) == sorted(["head", "shortened", "outside"])
    tafahom_audit("accept", "--reason", "Restored after the fire")
    assert kinds() == []
    text = tafahom_audit("verify")
    assert "Restored after the fire" in text
    assert "12" in text
    entry = Entry.objects.get(action=ACCEPTED)
    assert (entry.pk, entry.details["kept"], entry.details["lost"]) == (8, 7, 12)
    assert tafahom_audit("verify", "--json")["accepted"] == [8]


def test_what_follows_is_guarded_as_before(shortened: None, unguarded: Unguarded) -> None:
    tafahom_audit("accept", "--reason", "x")
    record(action="test.later", by=None)
    delivery.deliver()
    assert kinds() == []
    with unguarded():
        Head.objects.all().delete()
        Entry.objects.filter(pk__gt=8).delete()
    assert sorted(kinds(status=1)) == sorted(["head", "shortened", "outside"])


def test_the_act_itself_cannot_be_cut_off(shortened: None, unguarded: Unguarded) -> None:
    tafahom_audit("accept", "--reason", "x")
    with unguarded():
        Entry.objects.filter(action=ACCEPTED).delete()
    assert sorted(kinds(status=1)) == sorted(["shortened", "outside"])


def test_a_backup_that_was_restored_is_named(shortened: None) -> None:
    note_restored(made_at="2026-11-20T03:00:00+00:00", entries=7)
    assert "2026-11-20" in tafahom_audit("verify", status=1)
    tafahom_audit("accept", "--reason", "x")
    assert "2026-11-20" not in tafahom_audit("verify")
    assert Entry.objects.get(action=ACCEPTED).details["backup"] == "2026-11-20T03:00:00+00:00"


def test_a_mark_is_made_where_there_was_none(transactional_db: None) -> None:
    """An installation of the time before there were marks."""
    record(action="test.old", by=None)
    marks.mark_file().unlink()
    assert kinds(status=1) == ["unmarked"]
    tafahom_audit("accept", "--reason", "The first mark")
    assert kinds() == []
    mark = marks.read(signing.signer().public_keys())
    assert mark
    assert (mark.generation, mark.last) == (1, 2)


def test_nothing_is_accepted_where_nothing_is_missing(transactional_db: None) -> None:
    record(action="test.one", by=None)
    with pytest.raises(CommandError) as refused:
        tafahom_audit("accept", "--reason", "x")
    assert refused.value.returncode == 2
    assert not Entry.objects.filter(action=ACCEPTED).exists()


def test_without_the_key_nothing_is_accepted(shortened: None) -> None:
    signing.key_file().unlink()
    with pytest.raises(CommandError) as refused:
        tafahom_audit("accept", "--reason", "x")
    assert refused.value.returncode == 2


def test_an_acceptance_is_worth_nothing_elsewhere_in_the_chain(
    shortened: None, unguarded: Unguarded
) -> None:
    """Somebody without the key cuts again and copies the signed act to the new end."""
    tafahom_audit("accept", "--reason", "x")
    entry = Entry.objects.get(action=ACCEPTED)
    with unguarded():
        Entry.objects.filter(pk__gte=6).delete()
        record(action=ACCEPTED, details=entry.details, by=None)
    assert {"acceptance", "shortened"} <= set(kinds(status=1))
    assert not Change.objects.exists()
    assert seal()

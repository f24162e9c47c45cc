"""After a restore the check of the audit is right, and an older backup is no alarm for ever."""

import json
import shutil
from pathlib import Path

import pytest

from operations.conftest import Installation, Open

ACT = "from tafahom.audit.actions import record\nprint(record(action='test.act', by=None).pk)"


@pytest.fixture(scope="module")
def backup(office: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The office as it was before its latest act, whose head lies outside."""
    file = tmp_path_factory.mktemp("older") / "office.backup"
    office.run("backup", "-o", str(file))
    office.python(ACT)
    outside = file.parent / "outside"
    outside.mkdir()
    office.environment["TAFAHOM_AUDIT_HEADS"] = str(outside)
    assert "heads sent" in office.run("audit", "send-heads")
    assert "intact" in office.run("audit", "verify")
    return file


def restored(name: str, giver: Installation, open_place: Open, *files: str) -> Installation:
    place = open_place(name)
    for file in ("keys.json", "audit-key", "secret.key", *files):
        shutil.copy(giver.data / file, place.data / file)
    return place


def test_an_empty_machine_needs_nothing_further(
    office: Installation, backup: Path, open_place: Open
) -> None:
    place = restored("afresh", office, open_place)
    assert "Newer entries" not in place.run("restore", str(backup))
    assert "intact" in place.run("audit", "verify")
    place.python(ACT)
    assert json.loads(place.run("audit", "verify", "--json"))["intact"]


def test_an_older_backup_is_said_and_accepted_by_an_act(
    office: Installation, backup: Path, open_place: Open
) -> None:
    place = restored("older", office, open_place, "audit-mark")
    place.environment["TAFAHOM_AUDIT_HEADS"] = office.environment["TAFAHOM_AUDIT_HEADS"]
    assert "Newer entries had been here" in place.run("restore", str(backup))
    said = place.run("audit", "verify", status=1)
    assert "restored from the backup of" in said
    assert "accept --reason" in said
    assert "restored from the backup of" in place.run("doctor", status=1)
    place.run("audit", "accept", "--reason", "The disk of the server broke")
    said = place.run("audit", "verify")
    assert "The disk of the server broke" in said
    assert "intact" in said
    place.python(ACT)
    place.run("audit", "send-heads")
    assert "intact" in place.run("audit", "verify")

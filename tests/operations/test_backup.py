"""Backups: what comes back is what was there, and anything else is noticed before it is used."""

import json
import random
import shutil
from pathlib import Path

import pytest

from operations.conftest import PASSPHRASE, Installation, Open


@pytest.fixture(scope="module")
def backup(office: Installation) -> Path:
    file = office.folder / "first.backup"
    assert "The backup is whole" in office.run("backup", "-o", str(file))
    return file


def give_keys(giver: Installation, taker: Installation) -> None:
    for name in ("keys.json", "audit-key", "secret.key"):
        if (giver.data / name).exists():  # the audit's is made when a day is sealed first
            shutil.copy(giver.data / name, taker.data / name)


def test_what_comes_back_is_what_was_there(
    office: Installation, backup: Path, open_place: Open
) -> None:
    empty = open_place("restored")
    give_keys(office, empty)
    assert "Restored as of" in empty.run("restore", str(backup))
    before, after = office.state(), empty.state()
    assert after == before
    assert after["identities"] == {"count": 300, "opened": 20}
    assert after["figures"][0]["total"]["persons"] == 300
    for folder in ("uploads", "rejects"):
        assert files_in(empty.data / folder) == files_in(office.data / folder) != set()
    # It goes on working: the same roster is known, another one is taken.
    assert "unchanged" in empty.run(
        "roster", "import", "--json", str(office.roster("first", 0, 300))
    )
    empty.run("roster", "import", str(empty.roster("second", 300, 20)))
    assert empty.state()["figures"][0]["total"]["persons"] == 320


def files_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_holds_no_key_and_no_name(office: Installation, backup: Path) -> None:
    content = backup.read_bytes()
    for secret in json.loads((office.data / "keys.json").read_text()).values():
        assert secret.rpartition(":")[2].encode() not in content
    assert b"SQLite format" not in content
    assert backup.stat().st_mode & 0o077 == 0


def test_any_change_is_found_and_nothing_is_half_restored(
    office: Installation, backup: Path, open_place: Open, tmp_path: Path
) -> None:
    whole = backup.read_bytes()
    chance = random.Random(7)
    damaged = [whole[: len(whole) // 2], whole[:-1], whole + b"x", b"", whole[: 17 + 33]]
    for _ in range(4):
        at = chance.randrange(len(whole))
        damaged.append(
            whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        )
    for content in damaged:
        (tmp_path / "damaged").write_bytes(content)
        office.run("backup", "--verify", str(tmp_path / "damaged"), status=2)
    empty = open_place("half")
    give_keys(office, empty)
    (tmp_path / "damaged").write_bytes(damaged[-1])
    empty.run("restore", str(tmp_path / "damaged"), status=2)
    assert files_in(empty.data) <= {"keys.json", "secret.key", "audit-key", "limits"}
    said = empty.run("restore", str(backup), status=2, TAFAHOM_BACKUP_PASSPHRASE="wrong " * 4)
    assert "passphrase or key is wrong" in said
    empty.run("restore", str(backup))


def test_a_place_that_has_something_is_left_alone(office: Installation, backup: Path) -> None:
    before = office.state()
    assert "not empty" in office.run("restore", str(backup), status=2)
    assert office.state() == before
    assert "exists already" in office.run("backup", "-o", str(backup), status=2)


def test_the_missing_key_is_named(office: Installation, backup: Path, open_place: Open) -> None:
    empty = open_place("keyless")
    assert "no keys here" in empty.run("restore", str(backup), status=2)
    assert not (empty.data / "keys.json").exists()
    stored = json.loads((office.data / "keys.json").read_text())
    other = stored | {"identity": stored["identity"].replace("1:", "3:")}
    (empty.data / "keys.json").write_text(json.dumps(other))
    assert "Key 1 (" in empty.run("restore", str(backup), status=2)


def test_the_missing_secret_of_second_steps_is_named(
    office: Installation, backup: Path, open_place: Open
) -> None:
    empty = open_place("secretless")
    give_keys(office, empty)
    (empty.data / "secret.key").write_text("k7Jq-" + "wZ3xV9bN1mQ5tR8yU2iO4pA6sD0fG" * 2)
    assert "secret.key in the data directory" in empty.run("restore", str(backup), status=2)
    assert "uploads" not in files_in(empty.data)
    empty.run("restore", "--secret-is-lost", str(backup))
    assert empty.state()["second_steps"] == {"count": 1, "opened": 0}


def test_an_interrupted_restore_is_run_again(
    office: Installation, backup: Path, open_place: Open
) -> None:
    again = open_place("again")
    give_keys(office, again)
    stopped = (
        "import os, pathlib\n"
        "from tafahom.operations import databases, restore, service, unfinished\n"
        "from tafahom.operations.envelope import secret_from\n"
        "def stop(*args): os._exit(9)\n"
        "{module}.{name} = stop\n"
        "restore.restore(pathlib.Path({file!r}), secret_from({passphrase!r}, None))\n"
    )
    for module, name in (("databases", "put_in_place"), ("service", "let_in")):
        code = stopped.format(module=module, name=name, file=str(backup), passphrase=PASSPHRASE)
        with pytest.raises(AssertionError):
            again.python(code)
        assert "restore.unfinished" in files_in(again.data)
    assert "Restored as of" in again.run("restore", str(backup))
    assert again.state()["identities"] == {"count": 300, "opened": 20}
    assert len(files_in(again.data / "uploads")) == 1
    assert not {name for name in files_in(again.data) if name.startswith("restore")}
    assert "not empty" in again.run("restore", str(backup), status=2)


def test_a_refused_restore_leaves_the_place_empty(
    office: Installation, backup: Path, open_place: Open
) -> None:
    refused = open_place("refused")
    give_keys(office, refused)
    code = (
        "import pathlib\n"
        "from tafahom.operations import databases, restore\n"
        "from tafahom.operations.envelope import BackupError, secret_from\n"
        "def refuse(*args): raise BackupError('no')\n"
        "databases.put_in_place = refuse\n"
        "try:\n"
        f" restore.restore(pathlib.Path({str(backup)!r}), secret_from({PASSPHRASE!r}, None))\n"
        "except BackupError: print('true')\n"
    )
    assert refused.python(code)
    assert not files_in(refused.data / "uploads")
    assert not {name for name in files_in(refused.data) if name.startswith("restore")}
    refused.run("restore", str(backup))


def test_a_key_file_serves_instead_of_a_passphrase(office: Installation, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("A" * 43 + "=\n")
    key = ["--key-file", str(tmp_path / "key")]
    file = str(tmp_path / "by-key")
    office.run("backup", "-o", file, *key)
    assert "whole" in office.run("backup", "--verify", file, *key)
    assert "key file" in office.run("backup", "--verify", file, status=2)
    assert "PASSPHRASE" in office.run(
        "backup", "-o", str(tmp_path / "x"), status=2, TAFAHOM_BACKUP_PASSPHRASE=""
    )
    assert not (tmp_path / "x").exists()


def test_a_backup_made_while_an_import_runs_is_of_one_moment(
    office: Installation, open_place: Open
) -> None:
    roster = office.roster("during", 1000, 1500)
    work = office.start("roster", "import", str(roster))
    number = 0
    while work.poll() is None:
        office.run("backup", "-o", str(office.folder / f"during-{number}.backup"))
        number += 1
    assert work.wait() == 0
    place = open_place("during")
    give_keys(office, place)
    place.run("restore", str(office.folder / f"during-{number - 1}.backup"))
    state = place.state()
    assert state["audit"]["intact"]
    assert state["figures"][0]["total"]["persons"] in (300, 1800)
    assert state["figures"][0]["total"]["persons"] == state["identities"]["count"]


def test_the_drill_is_one_command(office: Installation) -> None:
    said = office.run("backup", "--drill")
    assert "Audit head: the same" in said
    assert "Figures: the same (4)" in said
    assert "Second steps: the same (1)" in said


def test_an_upload_that_has_decayed_is_told_and_kept(office: Installation) -> None:
    decayed = office.data / "uploads" / ("0" * 64)
    decayed.write_bytes(b"not what its name says")
    try:
        file = office.folder / "decayed.backup"
        assert "not what their name says: 1" in office.run("backup", "-o", str(file), status=1)
        office.run("backup", "--verify", str(file), status=1)
    finally:
        decayed.unlink()

"""`tafahom roster` as other systems call it: exit status, JSON, and nothing else on its output."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from roster_files import line, write_roster
from tafahom.agreements.models import Agreement
from tafahom.figures import warehouse
from tafahom.training.models import Enrolment, RosterImport

BAD_ID = {"کد ملی": "1234567890"}
pytestmark = pytest.mark.django_db


def run(*arguments: object) -> tuple[int, str]:
    """Exit status and standard output."""
    out = io.StringIO()
    try:
        call_command("roster", *map(str, arguments), stdout=out)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    except CommandError as error:
        return error.returncode, out.getvalue()
    return 0, out.getvalue()


def run_json(*arguments: object) -> tuple[int, dict[str, Any]]:
    """Exit status and the one JSON document."""
    status, text = run(*arguments, "--json")
    return status, json.loads(text)


@pytest.fixture
def good(agreement: Agreement, folder: Path) -> Path:
    return write_roster(folder / "good.csv", line(1), line(2))


@pytest.fixture
def mixed(agreement: Agreement, folder: Path) -> Path:
    return write_roster(folder / "mixed.csv", line(3), line(4, **BAD_ID))


def test_all_well_is_0(good: Path) -> None:
    status, document = run_json("import", good)
    assert status == 0
    assert (document["accepted"], document["rejected"]) == (2, 0)
    assert [file["status"] for file in document["files"]] == ["imported"]
    assert run_json("import", good)[0] == 0


def test_what_figures_hide_is_chosen_behind_an_import(good: Path) -> None:
    patterns = warehouse.folder() / "disclosure"
    run("check", good)
    assert not list(patterns.glob("*.json"))
    run("import", good)
    assert list(patterns.glob("*.json"))


def test_rejected_rows_are_1(mixed: Path) -> None:
    status, document = run_json("import", mixed)
    assert status == 1
    assert (document["accepted"], document["rejected"]) == (1, 1)
    assert Path(document["files"][0]["rejects_file"]).is_file()


def test_a_refused_file_among_good_ones_is_1(good: Path, folder: Path) -> None:
    (folder / "empty.csv").write_bytes(b"")
    status, document = run_json("import", folder)
    assert status == 1
    assert [file["status"] for file in document["files"]] == ["refused", "imported"]


@pytest.mark.parametrize("what", ["check", "import"])
def test_nothing_done_is_2(agreement: Agreement, folder: Path, what: str) -> None:
    status, document = run_json(what, folder / "nowhere.csv")
    assert status == 2
    [file] = document["files"]
    assert file["status"] == "refused"
    assert file["errors"][0]["message"]


def test_an_empty_folder_or_wrong_usage_is_2(folder: Path) -> None:
    assert run("import", folder)[0] == 2
    with pytest.raises(CommandError):
        call_command("roster", "import")
    with pytest.raises(CommandError):
        call_command("roster", "devour", str(folder))


def test_all_or_nothing_of_the_only_file_is_2(mixed: Path) -> None:
    assert run("import", mixed, "--all-or-nothing")[0] == 2
    assert not Enrolment.objects.exists()


def test_check_writes_nothing(mixed: Path) -> None:
    status, document = run_json("check", mixed)
    assert status == 1
    assert document["files"][0]["status"] == "partly"
    assert not Enrolment.objects.exists()


def test_sentences_are_for_people(mixed: Path) -> None:
    _status, text = run("import", mixed)
    assert "mixed.csv" in text
    assert "کد ملی" in text
    assert "rejects.xlsx" in text


def test_progress_goes_to_standard_error(
    good: Path, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    call_command("roster", "import", str(good), "--json")
    out, err = capfd.readouterr()
    json.loads(out)
    assert "1/1 good.csv" in err


def test_history_and_undo(good: Path) -> None:
    run("import", good)
    status, document = run_json("history")
    assert status == 0
    [row] = document["imports"]
    assert (row["file"], row["rows"], row["undone_at"]) == ("good.csv", 2, None)
    assert "good.csv" in run("history")[1]
    assert run("undo", row["import"])[0] == 0
    assert not Enrolment.objects.exists()
    assert RosterImport.objects.get().undone_at
    assert run("undo", row["import"])[0] == 2
    assert run("undo", "nothing")[0] == 2

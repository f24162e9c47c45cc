"""A roster that was uploaded is parsed once between check and import, and lies sealed meanwhile."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from roster_files import line, roster
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.exchange import tasks
from tafahom.exchange.models import StagedImport, StagedState
from tafahom.exchange.rosters import readings, staging, storage
from tafahom.people import vault
from tafahom.sheets import isolation
from tafahom.sheets.isolation import load_answer
from tafahom.training.models import Enrolment


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create(username="officer")
    give_role(user=user, role=Role.AGREEMENTS_OFFICER, by=None)
    return user


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files that were parsed, one entry each time."""
    times: list[str] = []
    run: Callable[..., object] = isolation.run_isolated

    def counted(module: str, function: str, *arguments: object) -> object:
        times.append(function)
        return run(module, function, *arguments)

    monkeypatch.setattr("tafahom.exchange.rosters.parsing.reading.run_isolated", counted)
    return times


@pytest.fixture
def checked(agreement: Agreement, user: User, parsed: list[str]) -> StagedImport:
    """An upload of two rosters that was checked."""
    files = [SimpleUploadedFile(f"{number}.csv", roster(line(number))) for number in (1, 2)]
    staged = staging.stage(files, by=user)
    tasks.check_staged.enqueue(staged.uid)
    assert len(parsed) == 2
    return StagedImport.objects.get(pk=staged.pk)


def recorded(staged: StagedImport, user: User) -> StagedImport:
    staging.commit(staged, by=user)
    tasks.import_staged.enqueue(staged.uid)
    done = StagedImport.objects.get(pk=staged.pk)
    assert done.state == StagedState.COMMITTED
    return done


def kept() -> list[Path]:
    return sorted(vault.folder(storage.PARSED).iterdir())


def test_the_import_uses_what_the_check_parsed(
    checked: StagedImport, user: User, parsed: list[str]
) -> None:
    assert recorded(checked, user).summary["created_enrolments"] == 2
    assert len(parsed) == 2
    assert Enrolment.objects.count() == 2


def test_what_was_parsed_lies_sealed_until_it_is_recorded(
    checked: StagedImport, user: User
) -> None:
    assert len(kept()) == 2
    content = kept()[0].read_bytes()
    assert vault.is_sealed(kept()[0])
    assert b"ReadResult" not in content
    recorded(checked, user)
    assert kept() == []


def test_what_was_parsed_goes_with_the_upload(checked: StagedImport, user: User) -> None:
    staging.cancel(checked, by=user)
    assert kept() == []


@pytest.mark.parametrize("what", ["program", "lateness", "key"])
def test_a_file_is_parsed_again_when_it_would_be_read_otherwise(
    checked: StagedImport,
    user: User,
    parsed: list[str],
    what: str,
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    if what == "program":
        monkeypatch.setattr(readings, "_program", lambda: "another")
    elif what == "lateness":
        settings.LATE_COUNTS_WHOLE = not settings.LATE_COUNTS_WHOLE
    else:
        for place in kept():
            place.write_bytes(place.read_bytes()[:-1])
    assert recorded(checked, user).summary["created_enrolments"] == 2
    assert len(parsed) == 4


def test_an_answer_has_the_file_parsed_again(
    checked: StagedImport, user: User, parsed: list[str]
) -> None:
    file = checked.files.order_by("name")[0]
    staging.answer_file(file, answers={}, given={"": {"county": "کرج"}}, by=user)
    tasks.check_staged.enqueue(checked.uid)
    assert len(parsed) == 3


def test_only_values_of_ours_are_taken_from_what_was_kept() -> None:
    with pytest.raises(pickle.UnpicklingError):
        load_answer(pickle.dumps(Path))

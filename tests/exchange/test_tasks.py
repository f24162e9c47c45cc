"""Long work runs at once without a worker, and in a worker where there is one."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pytest_django.fixtures import Settings

from roster_files import line, roster
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.exchange import tasks
from tafahom.exchange.models import StagedImport, StagedState
from tafahom.exchange.rosters import staging
from tafahom.jobs import actions as jobs
from tafahom.jobs.actions import MAX_ATTEMPTS
from tafahom.jobs.models import JobState
from tafahom.training.models import Enrolment


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create(username="officer")
    give_role(user=user, role=Role.AGREEMENTS_OFFICER, by=None)
    return user


def staged_by(user: User, *names: str) -> StagedImport:
    """Files of one row each, staged."""
    files = [SimpleUploadedFile(name, roster(line(number))) for number, name in enumerate(names, 1)]
    return staging.stage(files, by=user)


def fresh(staged: StagedImport) -> StagedImport:
    return StagedImport.objects.select_related("job", "uploader").get(pk=staged.pk)


@pytest.mark.django_db
def test_a_check_and_an_import_leave_their_counts_with_the_job(
    agreement: Agreement, user: User
) -> None:
    staged = staged_by(user, "a.csv", "b.csv")
    tasks.check_staged.enqueue(staged.uid)
    job = fresh(staged).job
    assert job is not None
    assert (job.state, job.done, job.total) == (JobState.DONE, job.total, 6)
    assert job.result["accepted"] == 2
    staging.commit(fresh(staged), by=user)
    tasks.import_staged.enqueue(staged.uid)
    assert fresh(staged).state == StagedState.COMMITTED
    assert fresh(staged).summary["created_enrolments"] == 2


@pytest.mark.django_db
def test_a_task_that_is_run_twice_does_its_work_once(agreement: Agreement, user: User) -> None:
    staged = staged_by(user, "a.csv")
    for _ in range(2):
        tasks.check_staged.enqueue(staged.uid)
    staging.commit(fresh(staged), by=user)
    for _ in range(2):
        tasks.import_staged.enqueue(staged.uid)
    assert fresh(staged).summary["accepted"] == 1
    assert Enrolment.objects.count() == 1


@pytest.mark.django_db
def test_a_check_that_breaks_says_so(
    agreement: Agreement, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_options: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(staging, "check_rosters", fail)
    staged = staged_by(user, "a.csv")
    tasks.check_staged.enqueue(staged.uid)
    job = fresh(staged).job
    assert fresh(staged).state == StagedState.FAILED
    assert job is not None
    assert job.state == JobState.FAILED


@pytest.mark.django_db
def test_an_import_cancelled_between_files_tells_what_was_recorded(
    agreement: Agreement, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    staged = staged_by(user, "a.csv", "b.csv")
    tasks.check_staged.enqueue(staged.uid)
    staging.commit(fresh(staged), by=user)
    asked = SimpleNamespace(times=0)

    def is_cancelled(job: object) -> bool:
        if Enrolment.objects.exists():
            asked.times += 1
            staging.cancel(fresh(staged), by=user)
        return asked.times > 0

    monkeypatch.setattr(staging, "_is_cancelled", is_cancelled)
    tasks.import_staged.enqueue(staged.uid)
    assert fresh(staged).state == StagedState.COMMITTED
    assert fresh(staged).summary["accepted"] == 1
    job = fresh(staged).job
    assert job is not None
    assert job.state == JobState.CANCELLED
    assert [bool(file.report) for file in staged.files.all()] == [True, False]


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_what_waits_in_the_database(
    agreement: Agreement, user: User, settings: Settings
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    staged = staged_by(user, "a.csv")
    tasks.check_staged.enqueue(staged.uid)
    assert fresh(staged).state == StagedState.STAGED
    call_command("db_worker", "--batch", "--no-startup-delay", verbosity=0)
    assert fresh(staged).state == StagedState.CHECKED


@pytest.mark.django_db
def test_an_upload_that_brought_its_worker_down_too_often_is_given_up(
    agreement: Agreement, user: User
) -> None:
    staged = staged_by(user, "a.csv")
    assert staged.job
    for _ in range(MAX_ATTEMPTS):
        assert jobs.start(fresh(staged).job)  # type: ignore[arg-type]  # it has one
        jobs.take_up_lost()
    assert fresh(staged).state == StagedState.STAGED
    staging.run_check(fresh(staged))
    assert fresh(staged).state == StagedState.FAILED
    staging.stage_again(fresh(staged), by=user)
    staging.run_check(fresh(staged))
    assert fresh(staged).state == StagedState.CHECKED

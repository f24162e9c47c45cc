import pytest

from tafahom.jobs.actions import (
    MAX_ATTEMPTS,
    advance,
    cancel,
    create,
    fail,
    finish,
    start,
    take_up_lost,
)
from tafahom.jobs.models import Job, JobState

pytestmark = pytest.mark.django_db


def test_a_job_runs_to_its_end():
    job = create(kind="import", total=2, by=None)
    assert start(job)
    assert advance(job, note="1397.xlsx")
    assert (job.done, job.total, job.note) == (1, 2, "1397.xlsx")
    finish(job, result={"accepted": 5})
    assert (job.state, job.result) == (JobState.DONE, {"accepted": 5})
    assert job.finished_at


def test_only_one_worker_takes_a_job():
    job = create(kind="import", by=None)
    other = Job.objects.get(pk=job.pk)
    assert start(job)
    assert not start(other)


def test_a_waiting_job_is_cancelled_at_once():
    job = create(kind="import", by=None)
    cancel(job)
    assert job.state == JobState.CANCELLED
    assert not start(job)


def test_a_running_job_stops_at_its_next_safe_point():
    job = create(kind="import", by=None)
    start(job)
    cancel(Job.objects.get(pk=job.pk))
    assert not advance(job)
    finish(job)
    assert job.state == JobState.CANCELLED


def test_an_ended_job_stays_as_it_is():
    job = create(kind="import", by=None)
    start(job)
    fail(job, note="disk full")
    finish(job)
    cancel(job)
    assert (job.state, job.note, job.cancel_requested) == (JobState.FAILED, "disk full", False)


def test_work_of_a_worker_that_died_waits_again_and_is_given_up_in_the_end():
    job = create(kind="import", total=3, by=None)
    for _ in range(MAX_ATTEMPTS - 1):
        assert start(job)
        advance(job, note="1397.xlsx")
        assert take_up_lost() == 1
        job.refresh_from_db()
        assert (job.state, job.done, job.note) == (JobState.WAITING, 0, "")
    assert start(job)
    take_up_lost()
    job.refresh_from_db()
    assert (job.state, job.note) == (JobState.FAILED, "interrupted")
    assert not start(job)
    assert take_up_lost() == 0


def test_work_that_waits_or_has_ended_is_left_alone():
    waiting, ended = create(kind="import", by=None), create(kind="import", by=None)
    start(ended)
    finish(ended, result={"accepted": 1})
    assert take_up_lost() == 0
    waiting.refresh_from_db()
    ended.refresh_from_db()
    assert (waiting.state, ended.state) == (JobState.WAITING, JobState.DONE)

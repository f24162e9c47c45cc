"""Steps in the life of a job. Each is one small write, so that another page can follow."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from tafahom.jobs.models import Job, JobState

# Work that brought its worker down so often is not tried again by itself.
MAX_ATTEMPTS = 3
ENDED = (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


def create(*, kind: str, total: int = 0, note: str = "", by: AbstractBaseUser | None) -> Job:
    """A job that waits for its turn."""
    return Job.objects.create(
        kind=kind, total=total, note=note[:300], started_by_id=by.pk if by else None
    )


def start(job: Job, *, total: int | None = None) -> bool:
    """Begin a waiting job; False when it was cancelled or taken by another worker."""
    changes: dict[str, Any] = {"state": JobState.RUNNING}
    if total is not None:
        changes["total"] = total
    taken = Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(**changes)
    job.refresh_from_db()
    return bool(taken)


def advance(job: Job, *, steps: int = 1, note: str = "") -> bool:
    """Count steps done and say what comes now; False when the job should stop."""
    Job.objects.filter(pk=job.pk).update(done=F("done") + steps, note=note[:300])
    job.refresh_from_db()
    return not job.cancel_requested


def finish(job: Job, *, result: Mapping[str, Any] | None = None) -> None:
    """Mark as done, or as cancelled when it stopped because it was asked to."""
    state = JobState.CANCELLED if job.cancel_requested else JobState.DONE
    _end(job, state, {"result": dict(result or {})})


def fail(job: Job, *, note: str) -> None:
    """Mark as failed, with a sentence for the person who started it."""
    _end(job, JobState.FAILED, {"note": note[:300]})


def cancel(job: Job) -> None:
    """Ask a job to stop: at once when it waits, at its next safe point when it runs."""
    Job.objects.filter(pk=job.pk).exclude(state__in=ENDED).update(cancel_requested=True)
    Job.objects.filter(pk=job.pk, state=JobState.WAITING).update(
        state=JobState.CANCELLED, finished_at=timezone.now()
    )
    job.refresh_from_db()


@transaction.atomic
def take_up_lost() -> int:
    """Give the work of a worker that died back to the queue; how many jobs that concerns.

    Call it only where no worker can be at work. A job that was lost too often is given up: its
    task still runs once more, finds it failed, and leaves everything in order.
    """
    DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING).update(
        status=TaskResultStatus.READY, started_at=None
    )
    lost = Job.objects.filter(state=JobState.RUNNING)
    for job in lost:
        attempts = job.result.get("attempts", 0) + 1
        if attempts >= MAX_ATTEMPTS:
            fail(job, note="interrupted")
        else:
            Job.objects.filter(pk=job.pk).update(
                state=JobState.WAITING, done=0, note="", result={"attempts": attempts}
            )
    return len(lost)


def _end(job: Job, state: JobState, changes: dict[str, Any]) -> None:
    Job.objects.filter(pk=job.pk).exclude(state__in=ENDED).update(
        state=state, finished_at=timezone.now(), **changes
    )
    job.refresh_from_db()

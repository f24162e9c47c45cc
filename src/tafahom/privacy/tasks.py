"""Long work on personal data, in the background where a worker runs."""

from django_tasks import task

from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.jobs import actions as jobs
from tafahom.jobs.models import Job
from tafahom.privacy.actions.exports import prepare
from tafahom.privacy.actions.retention import run_retention
from tafahom.privacy.models import DataExport
from tafahom.scoping import scoped_to


@task()
def export(uid: str) -> None:
    """Make the file of an export that was approved, in the scope of who asked for it."""
    found = DataExport.objects.select_related("requested_by", "decided_by", "job").get(uid=uid)
    with scoped_to(scope_of(found.requested_by, Act.REQUEST_EXPORT)):
        prepare(found)


@task()
def retention(job_uid: str) -> None:
    """Forget everybody whose time is over, in the scope of who began it. Safe to run twice: a job is started once only."""
    job = Job.objects.select_related("started_by").get(uid=job_uid)
    if not jobs.start(job):
        return

    def follow(done: int, total: int) -> None:
        Job.objects.filter(pk=job.pk).update(total=total)
        jobs.advance(job, steps=done - job.done)

    def stopped() -> bool:
        return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()

    try:
        with scoped_to(scope_of(job.started_by, Act.MANAGE_RETENTION)):
            told = run_retention(by=job.started_by, progress=follow, cancelled=stopped)
    except Exception:
        jobs.fail(job, note="failed")
        raise
    job.refresh_from_db()
    jobs.finish(job, result={"due": told.due, "erased": told.erased, "files": told.files})

"""Long work on personal data, in the background where a worker runs."""

from django_tasks import task

from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.privacy.actions.exports import prepare
from tafahom.privacy.actions.retention_requests import carry_out
from tafahom.privacy.models import DataExport, RetentionRequest
from tafahom.scoping import scoped_to


@task()
def export(uid: str) -> None:
    """Make the file of an export that was approved, in the scope of who asked for it."""
    found = DataExport.objects.select_related("requested_by", "decided_by", "job").get(uid=uid)
    with scoped_to(scope_of(found.requested_by, Act.REQUEST_EXPORT)):
        prepare(found)


@task()
def retention(uid: str) -> None:
    """Forget the people of a request that was approved. Safe to run twice."""
    found = RetentionRequest.objects.select_related("requested_by", "decided_by", "job")
    carry_out(found.get(uid=uid))

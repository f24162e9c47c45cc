"""Long work of exchange, in the background where a worker runs and at once where none does."""

from django_tasks import task

from tafahom.exchange.closing import check_tables
from tafahom.exchange.models import StagedImport
from tafahom.exchange.rosters.staging import run_check, run_import
from tafahom.figures.disclosure.patterns import choose_patterns
from tafahom.scoping import everything


@task()
def check_staged(uid: str) -> None:
    """Check the files of an upload."""
    with everything("rows are judged against all that is recorded"):
        run_check(StagedImport.objects.select_related("job", "uploader").get(uid=uid))


@task()
def import_staged(uid: str) -> None:
    """Record the files of an upload."""
    with everything("rows are judged against all that is recorded"):
        run_import(StagedImport.objects.select_related("job", "uploader").get(uid=uid))
    choose_patterns()


@task()
def choose_hidden_figures() -> None:
    """Choose what figures hide, so that nobody waits for it at a page. Safe to run twice."""
    choose_patterns()


@task()
def check_closed_months() -> None:
    """Compare the tables of closed months with the figures of now. Safe to run twice."""
    with everything("closed months of all provinces are compared"):
        check_tables()

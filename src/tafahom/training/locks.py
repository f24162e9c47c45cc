"""One roster is recorded at a time, and nothing that it must not disturb meanwhile."""

from django.db import connection

from tafahom.periods.guards import hold_months

# Any number that no other part locks by: one roster at a time is recorded.
IMPORT_LOCK = 0x7AF5


def hold_import_lock(*, shared: bool = False) -> None:
    """Wait until no other roster is being recorded; released with the transaction.

    ``shared`` is for work that only rosters must not disturb: it keeps them out, not its like.

    No month is closed meanwhile either. Judge and record inside one transaction that holds it,
    and what was judged cannot have changed when it is recorded. SQLite has one writer at a time
    anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
            cursor.execute(f"SELECT {function}(%s)", [IMPORT_LOCK])  # nosec B608: one of two names
    hold_months()

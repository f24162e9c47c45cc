"""Being the service's role on PostgreSQL, in the suite's own connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tafahom.scoping import wall

ROLE = "service_test"


def make_service_role() -> None:
    """Make a role that owns nothing, with what the service is given; gone with the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {ROLE}")
        cursor.execute(f"CREATE ROLE {ROLE}")
    wall.grant_to(ROLE)


@contextmanager
def as_service() -> Iterator[None]:
    """Be that role; the connection finds out anew that it is held."""
    held: Any = connection
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        held.is_held = None
        try:
            yield
        finally:
            held.is_held = False
            cursor.execute("RESET ROLE")

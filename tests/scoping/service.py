"""Being the service's role on PostgreSQL, in the suite's own connection."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection

from tafahom.scoping import rights

ROLE = "service_test"
postgresql_only = pytest.mark.skipif(
    not os.environ.get("DATABASE_URL", "").startswith("postgres"),
    reason="SQLite has neither log-ins nor row-level security",
)


def make_service_role() -> None:
    """Make a role that owns nothing, with what the service is given; gone with the test."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE IF EXISTS {ROLE}")
        cursor.execute(f"CREATE ROLE {ROLE}")
    rights.grant_to(ROLE)


@contextmanager
def as_service() -> Iterator[None]:
    """Be that role; the connection finds out anew that it is held."""
    held: Any = connection
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {ROLE}")
        held.find_out()
        try:
            yield
        finally:
            cursor.execute("RESET ROLE")
            held.find_out()

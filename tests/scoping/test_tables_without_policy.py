"""Each table stands behind the wall, or docs/threat-model.md says why it does not."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from scoping.service import postgresql_only
from tafahom.scoping.wall import walled_models

PAGE = Path(__file__).resolve().parents[2] / "docs" / "threat-model.md"


def reasons() -> dict[str, str]:
    """The reason of each table, as the page gives it."""
    text = PAGE.read_text(encoding="utf-8")
    section = text.partition("\n## Tables without a policy\n")[2].partition("\n## ")[0]
    found: dict[str, str] = {}
    for tables, reason in re.findall(r"^\| (`.+`) \| (.+) \|$", section, re.MULTILINE):
        for table in re.findall(r"`(\w+)`", tables):
            assert table not in found, f"{table} stands twice"
            found[table] = reason.strip()
    return found


def test_each_model_is_walled_or_has_its_reason() -> None:
    tables = {one._meta.db_table for one in apps.get_models(include_auto_created=True)}
    walled = {one._meta.db_table for one in walled_models()}
    # The log-in of the organisation is an app of the suite and of installations that have it.
    assert reasons().keys() == tables - walled | {"django_migrations"}
    assert all(len(reason) > 20 for reason in reasons().values())


@postgresql_only
@pytest.mark.django_db
def test_each_table_of_the_database_is_walled_or_has_its_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')"
            " AND relnamespace = current_schema()::regnamespace AND NOT (relrowsecurity AND EXISTS"
            " (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid))"
        )
        assert {row[0] for row in cursor.fetchall()} == reasons().keys()

"""What runs with the owner's rights runs our code on our tables, whoever calls it (PostgreSQL)."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from figures.conftest import world, year
from scoping.service import ROLE, as_service, make_service_role, postgresql_only
from tafahom.audit.tracked import TRACKED
from tafahom.scoping import EVERYTHING, scoped_to, wall

__all__ = ["world", "year"]
pytestmark = postgresql_only
STRANGER = "stranger_test"


def sql(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []


@pytest.fixture
def roles(year: SimpleNamespace) -> SimpleNamespace:
    """The service, and a role that was given nothing but the means of the attack."""
    make_service_role()
    sql(f"DROP ROLE IF EXISTS {STRANGER}")
    sql(f"CREATE ROLE {STRANGER}")
    return year


def shadow_every_table() -> None:
    """Put temporary tables and views in the place of ours, which write down who reads them."""
    sql("SET search_path = public")  # temporary tables are then looked up first
    sql("CREATE TEMPORARY TABLE seen (who text)")
    sql("GRANT INSERT, SELECT ON pg_temp.seen TO PUBLIC")
    sql(
        "CREATE FUNCTION pg_temp.caught() RETURNS bigint LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO pg_temp.seen VALUES (current_user); RETURN 1; END $$"
    )
    sql(
        "CREATE FUNCTION pg_temp.caught_row() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO pg_temp.seen VALUES (current_user); RETURN NEW; END $$"
    )
    columns: dict[str, list[str]] = {}
    for table, column in sql(
        "SELECT table_name, column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() ORDER BY 1, ordinal_position"
    ):
        columns.setdefault(table, []).append(column)
    for number, (table, names) in enumerate(sorted(columns.items())):
        if number % 2 and table != "audit_change":
            listed = ", ".join(f'pg_temp.caught() AS "{name}"' for name in names)
            sql(f'CREATE TEMPORARY VIEW "{table}" AS SELECT {listed}')
        else:
            listed = ", ".join(f'"{name}" text' for name in names)
            sql(f'CREATE TEMPORARY TABLE "{table}" ({listed})')
            sql(
                f'CREATE TRIGGER caught BEFORE INSERT OR UPDATE ON "{table}"'
                " FOR EACH ROW EXECUTE FUNCTION pg_temp.caught_row()"
            )


def owned() -> Iterator[tuple[str, int, list[str] | None, bool, bool]]:
    """Yield name, number of arguments, settings and who may call, of functions of the owner."""
    yield from sql(  # type: ignore[misc]  # rows of just these columns
        "SELECT proname, pronargs, proconfig, has_function_privilege('public', oid, 'EXECUTE'),"
        " prorettype = 'trigger'::regtype FROM pg_proc"
        " WHERE prosecdef AND pronamespace = current_schema()::regnamespace"
    )


def test_every_function_of_the_owner_says_where_it_looks(db: None) -> None:
    found = list(owned())
    assert len(found) > 20
    for name, _count, settings, is_open, _is_trigger in found:
        [path] = [one for one in settings or [] if one.startswith("search_path=")]
        assert path.rsplit(",", 1)[1].strip() == "pg_temp", name
        assert not is_open, f"everybody may call {name}"


def call_every_function() -> int:
    called = 0
    for name, count, _settings, _is_open, is_trigger in list(owned()):
        if is_trigger:
            continue
        argument = "'people_person'::regclass" if count else ""
        try:
            with transaction.atomic():
                sql(f"SELECT {name}({argument})")
            called += 1
        except ProgrammingError as error:
            assert "permission denied" in str(error), error  # noqa: PT017  # some may be refused
    return called


def test_nothing_of_the_service_runs_as_the_owner(roles: SimpleNamespace) -> None:
    name = sql("SELECT current_database()")[0][0]
    sql(f'GRANT TEMPORARY ON DATABASE "{name}" TO {ROLE}')  # more than it is given
    schema = sql("SELECT current_schema()")[0][0]
    with as_service(), scoped_to(EVERYTHING):
        shadow_every_table()
        assert call_every_function() > 10
        for table in TRACKED:
            with transaction.atomic():
                sql(f'UPDATE "{schema}"."{table}" SET id = id')
        course = roles.one.pk
        sql(f'UPDATE "{schema}".training_course SET title = title || $$!$$ WHERE id = {course}')
        who = {row[0] for row in sql("SELECT who FROM pg_temp.seen")}
        assert who <= {ROLE}
    written = sql(
        f'SELECT count(*) FROM "{schema}".audit_change WHERE "table" = %s', "training_course"
    )
    assert written[0][0] >= 1, "the history stands in our table"


def test_a_stranger_calls_nothing(roles: SimpleNamespace) -> None:
    name = sql("SELECT current_database()")[0][0]
    sql(f'GRANT TEMPORARY ON DATABASE "{name}" TO {STRANGER}')
    with connection.cursor() as cursor:
        cursor.execute(f"SET ROLE {STRANGER}")
        try:
            shadow_every_table()
            assert call_every_function() == 0
            assert sql("SELECT who FROM pg_temp.seen") == []
        finally:
            cursor.execute("RESET ROLE")


def test_the_service_makes_no_temporary_tables_and_nobody_else_comes_in(
    roles: SimpleNamespace,
) -> None:
    for role, right, is_given in (
        (ROLE, "CONNECT", True),
        (ROLE, "TEMPORARY", False),
        (STRANGER, "CONNECT", False),
        (STRANGER, "TEMPORARY", False),
    ):
        found = sql("SELECT has_database_privilege(%s, current_database(), %s)", role, right)
        assert found[0][0] is is_given, (role, right)


def test_putting_the_wall_up_again_keeps_functions_closed(db: None) -> None:
    wall.put_up()
    assert not any(is_open for _name, _count, _settings, is_open, _trigger in owned())

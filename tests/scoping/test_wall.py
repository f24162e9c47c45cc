"""PostgreSQL refuses what the scope does not hold, whoever asks and by whatever way."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import ProgrammingError, connection, models, transaction
from django.db.utils import InternalError

from figures.conftest import world, year
from scoping.service import as_service, make_service_role, postgresql_only
from tafahom.agreements.models import Agreement
from tafahom.parties.models import Centre
from tafahom.people.models import Person
from tafahom.scoping import EVERYTHING, NOTHING, PARTS, Scope, no_scope, scoped_to, wall
from tafahom.training.models import Course, CourseSession

__all__ = ["world", "year"]
pytestmark = postgresql_only


@pytest.fixture
def held(year: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """The year of the figures, asked by a role that owns nothing."""
    year.world.course(year.trade, (1397, 6, 1), centre=year.world.centre("مرکز دور"))
    make_service_role()
    with as_service():
        yield year


def count(table: str) -> int:
    """Count past the ORM."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        return int(cursor.fetchone()[0])


def scopes(year: SimpleNamespace) -> Iterator[Scope]:
    course = year.three
    values: dict[str, Any] = {
        "provinces": course.centre.province_id,
        "centres": course.centre_id,
        "partners": year.guild.pk,
        "agreements": year.trade.uid,
        "courses": course.uid,
    }
    assert set(values) == set(PARTS)
    for part, value in values.items():
        yield Scope(**{part: frozenset({value})})
    yield Scope(courses=frozenset({course.uid}), partners=frozenset({year.prisons.pk}))
    yield Scope(agreements=frozenset({"'; DROP TABLE x; --"}))
    yield NOTHING
    yield EVERYTHING


def test_every_scoped_table_stands_behind_it(db: None) -> None:
    assert wall.missing() == []
    assert len(wall.walled_models()) >= 20


def test_the_database_counts_as_the_managers_do(held: SimpleNamespace) -> None:
    for scope in scopes(held):
        with scoped_to(scope):
            for model in wall.walled_models():
                seen = model._default_manager.count()
                assert count(model._meta.db_table) == seen, (scope, model)


def test_without_a_scope_it_shows_nothing(held: SimpleNamespace) -> None:
    with no_scope():
        assert {count(model._meta.db_table) for model in wall.walled_models()} == {0}


def test_what_is_out_of_scope_is_neither_changed_nor_removed(held: SimpleNamespace) -> None:
    with scoped_to(Scope(partners=frozenset({held.guild.pk}))), connection.cursor() as cursor:
        cursor.execute("UPDATE training_course SET title = 'x' WHERE id = %s", [held.one.pk])
        assert cursor.rowcount == 0
        cursor.execute("DELETE FROM agreements_agreement WHERE id = %s", [held.child.pk])
        assert cursor.rowcount == 0
        cursor.execute("UPDATE training_course SET title = 'x' WHERE id = %s", [held.three.pk])
        assert cursor.rowcount == 1
        # A row may not be moved out of what one sees either.
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            cursor.execute(
                "UPDATE training_course SET agreement_id = %s WHERE id = %s",
                [held.national.pk, held.three.pk],
            )


def test_rows_are_made_within_the_scope_only(held: SimpleNamespace) -> None:
    def session_of(course: Course) -> CourseSession:
        return CourseSession.objects.create(
            course=course, ordinal=9, held_on=course.ends_on, month=course.end_month, minutes=60
        )

    with scoped_to(Scope(agreements=frozenset({held.trade.uid}))):
        assert session_of(held.three).pk
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            session_of(held.one)
    with scoped_to(Scope(partners=frozenset({held.guild.pk}))):
        assert _like(held.trade, number="9/97", key="9/97").pk
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            _like(held.child, number="8/97", key="8/97")


def _like(agreement: Agreement, **changes: Any) -> Agreement:
    kept = {
        field.attname: getattr(agreement, field.attname)
        for field in agreement._meta.concrete_fields
        if field.name not in ("id", "uid")
    }
    return Agreement.objects.create(**kept | changes)


def test_a_rollback_does_not_leave_the_scope_of_before(held: SimpleNamespace) -> None:
    """The setting is undone with the transaction in which it was made."""
    with scoped_to(EVERYTHING):
        everybody = Person.objects.count()
    for _ in range(2):
        with transaction.atomic(), scoped_to(NOTHING):
            assert Person._base_manager.count() == 0
            transaction.set_rollback(True)
        with scoped_to(EVERYTHING):
            assert Person._base_manager.count() == everybody
        with transaction.atomic(), scoped_to(EVERYTHING):
            assert Person._base_manager.count() == everybody
            transaction.set_rollback(True)
        with scoped_to(NOTHING):
            assert Person._base_manager.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE training_course DISABLE ROW LEVEL SECURITY",
        "DROP POLICY wall ON training_course",
        "DROP TABLE training_course",
        "TRUNCATE training_attendance",
        "CREATE TABLE mine (id int)",
        "DROP TRIGGER audit_guard_audit_entry_update ON audit_entry",
        "UPDATE audit_entry SET action = 'x'",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_change",
        "UPDATE audit_change SET old = ''",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "ALTER ROLE service_test BYPASSRLS",
    ],
)
def test_the_service_can_not_take_it_down(held: SimpleNamespace, statement: str) -> None:
    with (
        scoped_to(EVERYTHING),
        connection.cursor() as cursor,
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
    ):
        cursor.execute(statement)


def test_it_can_be_put_up_again_and_again(held: SimpleNamespace) -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as at the end of a transaction
    wall.before_migrations(plan=["one"])
    assert len(wall.missing()) == len(wall.walled_models())
    with as_service(), scoped_to(EVERYTHING):
        assert count(Centre._meta.db_table) == 0  # closed, not open, meanwhile
    wall.after_migrations()
    wall.after_migrations()
    assert wall.missing() == []


def test_models_say_where_their_rows_lie(db: None) -> None:
    for model in wall.walled_models():
        assert isinstance(model._meta.pk, models.AutoField)
        assert "tafahom.scope" in wall.condition_of(model)


@pytest.mark.django_db(transaction=True)
def test_what_a_transaction_is_like_is_said_first() -> None:
    connection.close()
    with transaction.atomic(), connection.cursor() as cursor, scoped_to(EVERYTHING):
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)

"""Whatever is done to a guard of the database is found, named, and mended by a migration."""

import os
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from operations.test_definitions import OF_DEFINITIONS
from scoping.service import ROLE, as_service, make_service_role, postgresql_only
from tafahom.audit import bounds
from tafahom.audit import guards as audit_guards
from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.words import SENTENCES, told
from tafahom.operations.findings import Finding
from tafahom.operations.standing import GUARDS
from tafahom.periods import guards as month_guards
from tafahom.scoping import rights, roles, wall

pytestmark = pytest.mark.django_db
sqlite_only = pytest.mark.skipif(
    os.environ.get("DATABASE_URL", "").startswith("postgres"), reason="PostgreSQL says it otherwise"
)
STRANGER = "standing_stranger"


def sql(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def kinds() -> set[str]:
    """What is wrong now, of guards and of roles."""
    found = flaws()
    if connection.vendor == "postgresql":
        owner = rights.owner_of()
        found += [*rights.flaws(ROLE), *roles.flaws(ROLE, owner)]
    assert all(told(one) for one in found)
    return {one.kind for one in found}


def migrate() -> None:
    """What every run of migrations ends with."""
    bounds.after_migrations()
    audit_guards.after_migrations()
    month_guards.after_migrations("default")
    wall.after_migrations("default")
    if connection.vendor == "postgresql":
        rights.grant_to(ROLE)


@pytest.fixture
def standing(db: None) -> None:
    """An installation with a service's role and a stranger, where nothing is wrong."""
    if connection.vendor == "postgresql":
        # Nothing else looks at the tables meanwhile, such as the server's own cleaning.
        tables = ", ".join(f'"{one}"' for one in connection.introspection.table_names())
        sql(f"LOCK TABLE {tables} IN SHARE UPDATE EXCLUSIVE MODE")
        make_service_role()
        sql(f"DROP ROLE IF EXISTS {STRANGER}")
        sql(f"CREATE ROLE {STRANGER}")
    assert kinds() == set()


REFUSED = "id_bound|out of bounds|append-only|out of range"
TRIGGER = "audit_guard_audit_entry_delete"
MONTH = "closed_month_training_enrolment"
NO_OP = "RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
ATTACKS = {
    "a trigger is dropped": (f"DROP TRIGGER {TRIGGER} ON audit_entry", "trigger.missing"),
    "a trigger sleeps": (f"ALTER TABLE audit_entry DISABLE TRIGGER {TRIGGER}", "trigger.off"),
    "a trigger wakes in replicas only": (
        f"ALTER TABLE audit_entry ENABLE REPLICA TRIGGER {TRIGGER}",
        "trigger.off",
    ),
    "a trigger on another table": (
        f"DROP TRIGGER {TRIGGER} ON audit_entry; CREATE TRIGGER {TRIGGER} BEFORE DELETE ON"
        " jobs_job FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "trigger.missing trigger.strange",
    ),
    "a trigger with a condition": (
        f"DROP TRIGGER {TRIGGER} ON audit_entry; CREATE TRIGGER {TRIGGER} BEFORE DELETE ON"
        " audit_entry FOR EACH ROW WHEN (OLD.id < 0) EXECUTE FUNCTION audit_refuse()",
        "trigger.changed",
    ),
    "a trigger of another moment": (
        f"DROP TRIGGER {TRIGGER} ON audit_entry; CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON"
        " audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse()",
        "trigger.changed",
    ),
    "a trigger of fewer columns": (
        "DROP TRIGGER closed_month_people_person_move ON people_person; CREATE TRIGGER"
        " closed_month_people_person_move BEFORE UPDATE OF uid ON people_person FOR EACH ROW"
        " EXECUTE FUNCTION closed_month_people_person_move()",
        "trigger.changed",
    ),
    "a trigger with other words": (
        "DROP TRIGGER audit_guard_training_course_changed ON training_course; CREATE TRIGGER"
        " audit_guard_training_course_changed AFTER UPDATE OR DELETE ON training_course"
        " FOR EACH ROW EXECUTE FUNCTION audit_note('id')",
        "trigger.changed",
    ),
    "a trigger that does nothing": (
        f"CREATE FUNCTION nothing() {NO_OP}; DROP TRIGGER {TRIGGER} ON audit_entry; CREATE TRIGGER"
        f" {TRIGGER} BEFORE DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION nothing();"
        " REVOKE ALL ON FUNCTION nothing FROM PUBLIC",
        "trigger.changed function.strange",
    ),
    "a trigger that comes before ours": (
        f"CREATE FUNCTION audit_nothing() {NO_OP}; CREATE TRIGGER a BEFORE INSERT ON audit_change"
        " FOR EACH ROW EXECUTE FUNCTION audit_nothing();"
        " REVOKE ALL ON FUNCTION audit_nothing FROM PUBLIC",
        "trigger.strange function.strange",
    ),
    "references that nobody looks at": (
        "ALTER TABLE training_enrolment DISABLE TRIGGER ALL",
        "trigger.off trigger.references",
    ),
    "a function does nothing": (
        f"CREATE OR REPLACE FUNCTION audit_note() {NO_OP}",
        "function.changed",
    ),
    "a guard of months does nothing": (
        f"CREATE OR REPLACE FUNCTION {MONTH}() {NO_OP}",
        "function.changed",
    ),
    "a function looks elsewhere": (
        "ALTER FUNCTION audit_note() SET search_path = pg_temp, public",
        "function.changed",
    ),
    "a function runs as who calls it": (
        "ALTER FUNCTION audit_note() SECURITY INVOKER",
        "function.changed",
    ),
    "a function for null only": ("ALTER FUNCTION wall_bigints(text) STRICT", "function.changed"),
    "a function takes another's place": (
        "CREATE FUNCTION wall_bigints(part varchar) RETURNS bigint[] LANGUAGE sql AS 'SELECT null::bigint[]'",
        "function.changed right.strange",
    ),
    "everybody may call a function": (
        "GRANT EXECUTE ON FUNCTION wall_analyze(regclass) TO PUBLIC",
        "right.strange",
    ),
    "a function belongs to another": (
        f"ALTER FUNCTION audit_note() OWNER TO {STRANGER}",
        "owner.changed right.strange",
    ),
    "a function is gone": (
        "DROP FUNCTION audit_link() CASCADE",
        "function.missing trigger.missing",
    ),
    "no policy": ("DROP POLICY wall ON training_course", "policy.missing"),
    "a policy lets all through": (
        "ALTER POLICY wall ON training_course USING (true)",
        "policy.changed",
    ),
    "a policy lets more through": (
        "ALTER POLICY wall ON training_course USING ((SELECT current_setting('tafahom.scope', true)"
        " = 'everything') OR centre_id > 0)",
        "policy.changed",
    ),
    "a policy for writing": (
        "ALTER POLICY wall ON training_course WITH CHECK (true)",
        "policy.changed",
    ),
    "a policy for one role": (f"ALTER POLICY wall ON training_course TO {STRANGER}", "policy.changed"),
    "a policy for one command": (
        "DO $do$ DECLARE said text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE"
        " polrelid = 'training_course'::regclass); BEGIN DROP POLICY wall ON training_course;"
        " EXECUTE 'CREATE POLICY wall ON training_course FOR SELECT USING (' || said || ')';"
        " END $do$",
        "policy.changed",
    ),
    "a policy that only forbids": (
        "DO $do$ DECLARE said text := (SELECT pg_get_expr(polqual, polrelid) FROM pg_policy WHERE"
        " polrelid = 'training_course'::regclass); BEGIN DROP POLICY wall ON training_course;"
        " EXECUTE 'CREATE POLICY wall ON training_course AS RESTRICTIVE USING (' || said || ')';"
        " END $do$",
        "policy.changed",
    ),
    "one policy more": ("CREATE POLICY more ON training_course USING (true)", "policy.strange"),
    "no wall": ("ALTER TABLE training_course DISABLE ROW LEVEL SECURITY", "security.changed"),
    "a wall for the owner": ("ALTER TABLE training_course FORCE ROW LEVEL SECURITY", "security.changed"),
    "the service changes the audit": (f"GRANT UPDATE ON audit_entry TO {ROLE}", "right.strange"),
    "the service changes a column": (
        f"GRANT UPDATE (action) ON audit_entry TO {ROLE}",
        "right.strange",
    ),
    "somebody reads people": (f"GRANT SELECT ON people_identity TO {STRANGER}", "right.strange"),
    "everybody reads people": ("GRANT SELECT ON people_identity TO PUBLIC", "right.strange"),
    "the service makes tables": (
        f"GRANT CREATE ON SCHEMA public TO {ROLE}",
        "right.strange",
    ),
    "everybody makes temporary tables": (
        "DO $do$ BEGIN EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO PUBLIC',"
        " current_database()); END $do$",
        "right.strange",
    ),
    "the service sets a sequence": (
        f"GRANT UPDATE ON SEQUENCE training_course_id_seq TO {ROLE}",
        "right.strange",
    ),
    "the service may not add": (f"REVOKE INSERT ON jobs_job FROM {ROLE}", "right.missing"),
    "a table belongs to another": (f"ALTER TABLE jobs_job OWNER TO {STRANGER}", "owner.changed right.strange"),
    "a view for the service": (
        f"CREATE VIEW all_of_them AS SELECT * FROM people_identity; GRANT SELECT ON all_of_them TO {ROLE}",
        "relation.strange right.strange",
    ),
    "a rule swallows the history": (
        "CREATE RULE silence AS ON INSERT TO audit_change DO INSTEAD NOTHING",
        "relation.strange",
    ),
    "a child of a table": ("CREATE TABLE more_jobs () INHERITS (jobs_job)", "relation.strange"),
    "ids without bound": ("ALTER TABLE jobs_job DROP CONSTRAINT id_bound_jobs_job", "bound.missing"),
    "ids with another bound": (
        "ALTER TABLE jobs_job DROP CONSTRAINT id_bound_jobs_job, ADD CONSTRAINT id_bound_jobs_job"
        " CHECK (id <= 9223372036854775807)",
        "bound.changed",
    ),
    "the service looks elsewhere": (f"ALTER ROLE {ROLE} SET search_path = pg_temp, public", "setting.strange"),
    "the service says its scope": (f"ALTER ROLE {ROLE} SET tafahom.scope = 'everything'", "setting.strange"),
    "the owner wakes no trigger": (
        "DO $do$ BEGIN EXECUTE format('ALTER ROLE %I SET session_replication_role = replica',"
        " current_user); END $do$",
        "setting.strange",
    ),
    "a setting of the database": (
        "DO $do$ BEGIN EXECUTE format('ALTER DATABASE %I SET search_path = pg_temp',"
        " current_database()); END $do$",
        "setting.database",
    ),
    "a setting of all": ("ALTER ROLE ALL SET row_security = off", "setting.database"),
    "a service above the wall": (f"ALTER ROLE {ROLE} BYPASSRLS", "power.strange"),
    "a service that makes roles": (f"ALTER ROLE {ROLE} CREATEROLE", "power.strange"),
    "a service of another role": (f"GRANT pg_read_all_data TO {ROLE}", "member.strange"),
    "somebody becomes the owner": (
        f"DO $do$ BEGIN EXECUTE format('GRANT %I TO {STRANGER}', current_user); END $do$",
        "member.strange",
    ),
}  # fmt: skip
# A migration puts guards and rights up anew; for what else was done the finding says how.
MENDED = ("trigger.missing", "trigger.changed", "trigger.off", "function.changed", "function.missing", "policy",
          "security", "bound", "right.missing")  # fmt: skip


@postgresql_only
@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_found(standing: None, attack: str) -> None:
    statement, expected = ATTACKS[attack]
    sql(statement)
    assert set(expected.split()) <= kinds()
    if all(kind.startswith(MENDED) for kind in expected.split()):
        migrate()
        assert kinds() == set()


@postgresql_only
def test_guards_of_an_older_version_are_replaced(standing: None) -> None:
    sql(
        "CREATE FUNCTION closed_month_refuse() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$ BEGIN RAISE EXCEPTION 'period.closed'; END $$;"
        " DROP TRIGGER closed_month_periods_period_delete ON periods_period;"
        " CREATE TRIGGER closed_month_periods_period_delete BEFORE DELETE ON periods_period FOR EACH"
        " ROW WHEN (OLD.state = 'closed') EXECUTE FUNCTION closed_month_refuse();"
        " DROP FUNCTION closed_month_periods_period_delete(), audit_number_audit_entry() CASCADE;"
        f" GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {ROLE};"
        f" GRANT INSERT ON audit_change TO {ROLE}"
    )
    assert "function.strange" in kinds()
    migrate()
    assert kinds() == set()


@postgresql_only
def test_what_a_service_may_keep_for_itself_is_nothing_to_say(standing: None) -> None:
    sql(f"ALTER ROLE {ROLE} SET statement_timeout = '60s'")
    assert kinds() == set()


@postgresql_only
def test_a_session_looks_where_the_tables_are_whatever_its_role_keeps(standing: None) -> None:
    with as_service():
        connection.init_connection_state()
        assert sql("SHOW search_path") == [("public, pg_temp",)]


TEXTS = {
    "a trigger is dropped": (f"DROP TRIGGER {TRIGGER}", "trigger.missing"),
    "a trigger that does nothing": (
        f"DROP TRIGGER {TRIGGER}; CREATE TRIGGER {TRIGGER} BEFORE DELETE ON audit_entry"
        " BEGIN SELECT 1; END",
        "trigger.changed",
    ),
    "a trigger on another table": (
        f"DROP TRIGGER {TRIGGER}; CREATE TRIGGER {TRIGGER} BEFORE DELETE ON jobs_job"
        " BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END",
        "trigger.changed",
    ),
    "a trigger that swallows": (
        "CREATE TRIGGER a BEFORE INSERT ON audit_change BEGIN SELECT RAISE(IGNORE); END",
        "trigger.strange",
    ),
    "a guard of months": (
        "DROP TRIGGER closed_month_training_enrolment_update",
        "trigger.missing",
    ),
    "ids without bound": ("DROP TRIGGER id_bound_jobs_job_insert", "trigger.missing"),
}


@sqlite_only
@pytest.mark.parametrize("attack", TEXTS)
def test_it_is_found_on_sqlite(standing: None, attack: str) -> None:
    statement, expected = TEXTS[attack]
    for one in statement.split("; CREATE"):
        sql(one if one is statement or one.startswith("DROP") else f"CREATE{one}")
    assert kinds() == {expected}
    if expected != "trigger.strange":
        migrate()
        assert kinds() == set()


def guards_said() -> list[Finding]:
    return [Finding("guards", level, text) for level, text in GUARDS["guards"]()]


def drop_a_trigger() -> None:
    where = " ON audit_entry" if connection.vendor == "postgresql" else ""
    sql(f"DROP TRIGGER {TRIGGER}{where}")


def test_doctor_names_it_and_how_to_mend_it(standing: None) -> None:
    drop_a_trigger()
    [found] = guards_said()
    assert TRIGGER in found.text
    assert "tafahom migrate" in found.text
    assert found.level == "failed"


def test_the_check_of_the_audit_ends_with_findings(standing: None) -> None:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    drop_a_trigger()
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", stdout=out)
    assert ended.value.code == 1
    assert TRIGGER in out.getvalue()


def test_every_kind_of_flaw_has_its_sentence() -> None:
    attacked = {kind for _said, kinds in ATTACKS.values() for kind in kinds.split()}
    assert attacked | OF_DEFINITIONS >= set(SENTENCES)


@pytest.mark.parametrize("table", ["jobs_job", "audit_entry", "audit_head", "axes_accesslog"])
@pytest.mark.parametrize("last", [2**63 - 1, 2**31 - 1])
def test_an_id_after_which_there_is_none_is_refused(standing: None, table: str, last: int) -> None:
    if last < 2**32 and table == "jobs_job":
        last = 2**63 - 1  # a long one: a short id is one like any other
    fields = _model(table)._meta.concrete_fields
    names = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, last) for field in fields)
    with pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        sql(f'INSERT INTO "{table}" ({names}) VALUES ({values})')


def _model(table: str) -> Any:
    return next(one for one in apps.get_models() if one._meta.db_table == table)


def _value(field: Any, last: int) -> str:
    if field.primary_key:
        return str(last)
    if field.null:
        return "NULL"
    return {"DateTimeField": "'2026-01-01 00:00:00'", "DateField": "'2026-01-01'",
            "JSONField": "'{}'", "BooleanField": "false"}.get(
        field.get_internal_type(), "1" if "Integer" in field.get_internal_type() else "'x'"
    )  # fmt: skip


@postgresql_only
def test_the_service_sets_no_sequence(standing: None) -> None:
    with as_service():
        for statement in (
            "SELECT setval('jobs_job_id_seq', 9223372036854775807)",
            "SELECT nextval('axes_accesslog_id_seq')",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                sql(statement)


def test_a_used_up_sequence_is_found(standing: None) -> None:
    assert [level for level, _text in GUARDS["ids"]()] == ["ok"]
    if connection.vendor == "postgresql":
        sql("SELECT setval('jobs_job_id_seq', 9223372036854775807)")
    else:
        sql("INSERT INTO sqlite_sequence VALUES ('jobs_job', 9223372036854775807)")
    [(level, text)] = GUARDS["ids"]()
    if connection.vendor == "postgresql":  # no roll-back takes a sequence back
        sql(
            "SELECT setval('jobs_job_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM jobs_job), false)"
        )
    assert level == "failed"
    assert "jobs_job" in text

"""Whatever a table lacks of its definition, or has besides, is found and named."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from tafahom.audit.catalogue.definitions import definition_flaws
from tafahom.audit.catalogue.pieces import inside, pieces
from tafahom.audit.catalogue.words import told

pytestmark = pytest.mark.django_db
OF_DEFINITIONS = {"definition.missing", "definition.strange", "relation.missing"}


def sql(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found() -> set[tuple[str, str, str]]:
    """What is wrong now: kind, table and what of it, without the names of its columns' table."""
    flaws = [*definition_flaws()]
    assert all(told(one) for one in flaws)
    assert {one.kind for one in flaws} <= OF_DEFINITIONS
    return {(one.kind, one.table, one.detail.replace(f"{one.table}.", "")) for one in flaws}


ENROLMENT = 'ALTER TABLE "training_enrolment" '
# Each on its own table or key, so that one look finds all of them.
LOOSENED = {
    "a check is dropped": (
        ENROLMENT + "DROP CONSTRAINT written_mark_in_range",
        ("missing", "training_enrolment", "CHECK written_mark_in_range"),
    ),
    "a check says more": (
        ENROLMENT + "DROP CONSTRAINT practical_mark_in_range, ADD CONSTRAINT practical_mark_in_range"
        " CHECK (practical_mark IS NULL OR practical_mark <= 10001)",
        ("strange", "training_enrolment", "CHECK practical_mark_in_range"),
    ),
    "a check of every value": (
        "ALTER TABLE periods_reopening DROP CONSTRAINT reopening_has_a_reason,"
        " ADD CONSTRAINT reopening_has_a_reason CHECK (reason <> '' OR id > 0)",
        ("strange", "periods_reopening", "CHECK reopening_has_a_reason"),
    ),
    "a check for new rows only": (
        "ALTER TABLE access_membership DROP CONSTRAINT membership_role_known;"
        "ALTER TABLE access_membership ADD CONSTRAINT membership_role_known"
        " CHECK (role <> '') NOT VALID",
        ("strange", "access_membership", "CHECK NOT VALID membership_role_known"),
    ),
    "a number below nothing": (
        ENROLMENT + "DROP CONSTRAINT training_enrolment_credited_minutes_check",
        ("missing", "training_enrolment", "CHECK (credited_minutes >= 0)"),
    ),
    "a key is dropped": (
        ENROLMENT + "DROP CONSTRAINT person_once_in_a_course",
        ("missing", "training_enrolment", "UNIQUE person_once_in_a_course (course_id, person_id)"),
    ),
    "a key of more columns": (
        ENROLMENT + "DROP CONSTRAINT source_row_once, ADD CONSTRAINT source_row_once"
        " UNIQUE (roster_import_id, source_sheet, source_row, source_column, id)",
        ("strange", "training_enrolment", "UNIQUE source_row_once"),
    ),
    "a key that waits": (
        "ALTER TABLE jobs_job DROP CONSTRAINT jobs_job_uid_key,"
        " ADD CONSTRAINT jobs_job_uid_key UNIQUE (uid) DEFERRABLE",
        ("strange", "jobs_job", "UNIQUE OF ANOTHER KIND (uid)"),
    ),
    "a key of fewer rows": (
        "DROP INDEX one_reopening_at_a_time; CREATE UNIQUE INDEX one_reopening_at_a_time"
        " ON periods_reopening (period_id) WHERE closed_at IS NULL AND declined_at IS NULL AND id < 0",
        ("strange", "periods_reopening", "UNIQUE one_reopening_at_a_time (period_id)"),
    ),
    "a key of another expression": (
        "DROP INDEX role_once_for_a_part; CREATE UNIQUE INDEX role_once_for_a_part ON access_membership"
        " (user_id, role, coalesce(province_id, id), coalesce(centre_id, 0), coalesce(partner_id, 0),"
        " agreement_uid, course_uid)",
        ("strange", "access_membership", "UNIQUE role_once_for_a_part"),
    ),
    "a key that is no key any more": (
        "DROP INDEX roster_file_once; CREATE INDEX roster_file_once ON training_rosterimport (sha256)",
        ("missing", "training_rosterimport", "UNIQUE roster_file_once (sha256)"),
    ),
    "a table without a primary key": (
        "ALTER TABLE desk_digest DROP CONSTRAINT desk_digest_pkey",
        ("missing", "desk_digest", "PRIMARY KEY (id)"),
    ),
    "a column that may be empty": (
        "ALTER TABLE jobs_job ALTER kind DROP NOT NULL",
        ("missing", "jobs_job", '"kind" character varying(40) NOT NULL'),
    ),
    "a longer column": (
        "ALTER TABLE jobs_job ALTER state TYPE text",
        ("strange", "jobs_job", '"state" text NOT NULL'),
    ),
    "a column fills itself": (
        "ALTER TABLE jobs_job ALTER done SET DEFAULT 7",
        ("strange", "jobs_job", '"done" integer NOT NULL DEFAULT 7'),
    ),
    "a column more": (
        "ALTER TABLE jobs_job ADD more text GENERATED ALWAYS AS (kind) STORED",
        ("strange", "jobs_job", '"more" text GENERATED kind'),
    ),
    "a reference is dropped": (
        "DO $do$ BEGIN EXECUTE 'ALTER TABLE training_course DROP CONSTRAINT ' || (SELECT conname FROM"
        " pg_constraint WHERE contype = 'f' AND conrelid = 'training_course'::regclass"
        " AND confrelid = 'parties_centre'::regclass); END $do$",
        ("missing", "training_course", 'FOREIGN KEY ("centre_id") REFERENCES "parties_centre" ("id")'),
    ),
    "a reference that removes": (
        "ALTER TABLE training_course ADD CONSTRAINT along FOREIGN KEY (agreement_id)"
        " REFERENCES agreements_agreement (id) ON DELETE CASCADE",
        ("strange", "training_course", 'FOREIGN KEY ("agreement_id") REFERENCES'
         ' "agreements_agreement" ("id") …'),
    ),
    "two rows exclude each other": (
        "ALTER TABLE axes_accesslog ADD CONSTRAINT apart EXCLUDE (id WITH =)",
        ("strange", "axes_accesslog", "EXCLUDE"),
    ),
    "a table is gone": ("DROP TABLE desk_savedview", ("relation.missing", "", "")),
}  # fmt: skip
REWRITTEN = {
    "a check says more": (
        "training_enrolment", '"practical_mark" <= 10000', '"practical_mark" <= 10001',
        ("missing", 'CONSTRAINT "practical_mark_in_range" CHECK ('),
    ),
    "a check is dropped": (
        "periods_reopening", """, CONSTRAINT "reopening_has_a_reason" CHECK (NOT ("reason" = ''))""",
        "", ("missing", 'CONSTRAINT "reopening_has_a_reason" CHECK ('),
    ),
    "a key is dropped": (
        "access_user", '"username" varchar(150) NOT NULL UNIQUE', '"username" varchar(150) NOT NULL',
        ("strange", '"username" varchar(150) NOT NULL'),
    ),
    "a column fills itself": (
        "jobs_job", '"done" integer unsigned NOT NULL', '"done" integer unsigned NOT NULL DEFAULT 7',
        ("strange", '"done" integer unsigned NOT NULL DEFAULT 7 CHECK ("done" >= 0)'),
    ),
    "a reference elsewhere": (
        "training_course", 'REFERENCES "parties_centre"', 'REFERENCES "parties_county"',
        ("strange", '"centre_id" bigint NOT NULL REFERENCES "parties_county" ("id")'),
    ),
}  # fmt: skip


def loosen() -> set[tuple[str, str, str]]:
    """Do all of it; return what is to be found, by the first letters."""
    if connection.vendor == "postgresql":
        sql("SET CONSTRAINTS ALL IMMEDIATE", *(one for one, _expected in LOOSENED.values()))
        expected = {said for _statement, said in LOOSENED.values()}
    else:
        sql("PRAGMA writable_schema = ON")
        for table, before, after, _said in REWRITTEN.values():
            sql(
                f"UPDATE sqlite_master SET sql = replace(sql, '{_quoted(before)}',"
                f" '{_quoted(after)}') WHERE name = '{table}'"
            )
        sql(
            "PRAGMA writable_schema = OFF",
            "DROP INDEX roster_file_once",
            "DROP TABLE desk_savedview",
        )
        sql("CREATE UNIQUE INDEX more ON jobs_job (kind)")
        expected = {(kind, table, said) for table, _old, _new, (kind, said) in REWRITTEN.values()}
        expected |= {
            ("missing", "training_rosterimport", "UNIQUE roster_file_once"),
            ("strange", "jobs_job", "UNIQUE (kind)"),
            ("relation.missing", "", ""),
        }
    return {(kind if "." in kind else f"definition.{kind}", *rest) for kind, *rest in expected}


def _quoted(text: str) -> str:
    return text.replace("'", "''")


def test_whatever_is_loosened_is_found() -> None:
    assert found() == set()
    expected = loosen()
    there = found()
    missed = [
        (kind, table, said)
        for kind, table, said in expected
        if not any((kind, table) == one[:2] and one[2].startswith(said) for one in there)
    ]
    assert missed == []


def test_the_check_of_the_audit_ends_with_findings() -> None:
    out = StringIO()
    call_command("audit", "verify", stdout=out)
    sql("DROP INDEX roster_file_once")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify", stdout=out)
    assert ended.value.code == 1
    assert "roster_file_once" in out.getvalue()


def test_a_statement_is_taken_apart_beside_quotes_and_parentheses() -> None:
    keys, rest = inside("""CREATE INDEX "a(b" ON t ("c,d", (f(')', 1)), e) WHERE (g)""")
    assert pieces(keys) == ['"c,d"', "(f(')', 1))", "e"]
    assert rest == " WHERE (g)"

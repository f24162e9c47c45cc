"""What changes in a record is written by the database, whoever changes it and how."""

import json
import sqlite3

import pytest
from django.db import connection, transaction

from audit.conftest import Unguarded
from tafahom.access.models import User
from tafahom.audit import guards
from tafahom.audit.actions import record
from tafahom.audit.models import Change, Entry
from tafahom.audit.verification import verify
from tafahom.parties.actions import named_record, save_partner
from tafahom.parties.models import Partner, PartnerKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def partner(db: None) -> Partner:
    named_record(PartnerKind, "دولتی")
    return save_partner(name="اتاق اصناف", kind="دولتی", by=None)[0]


def test_what_makes_a_record_is_not_a_change_of_it(partner: Partner) -> None:
    record(action="test.made", by=None)
    assert not Change.objects.exists()
    assert Entry.objects.get().changes == ""


@pytest.mark.parametrize("way", ["save", "update", "bulk_update", "raw"])
def test_every_way_of_writing_leaves_history(partner: Partner, way: str) -> None:
    clerk = User.objects.create(username="clerk")
    partner.name = "اتاق اصناف ایران"
    if way == "save":
        partner.save()
    elif way == "update":
        Partner.objects.filter(pk=partner.pk).update(name=partner.name)
    elif way == "bulk_update":
        Partner.objects.bulk_update([partner], ["name"])
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE parties_partner SET name = %s", [partner.name])
    entry = record(action="test.renamed", by=clerk)
    change = Change.objects.get()
    assert (change.table, change.row, change.entry) == ("parties_partner", partner.pk, entry)
    assert json.loads(change.old)["name"] == "اتاق اصناف"
    assert json.loads(change.new)["name"] == partner.name
    assert verify({}).intact


def test_writing_the_same_again_is_no_change(partner: Partner) -> None:
    partner.save()
    assert not Change.objects.exists()


def test_what_is_rolled_back_leaves_nothing(partner: Partner) -> None:
    point = transaction.savepoint()
    Partner.objects.update(name="x")
    transaction.savepoint_rollback(point)
    record(action="test.other", by=None)
    assert not Change.objects.exists()
    assert verify({}).intact


def test_a_removed_record_leaves_what_it_was(partner: Partner) -> None:
    partner.delete()
    entry = record(action="test.removed", by=None)
    change = Change.objects.get()
    assert (change.new, change.entry) == ("", entry)


def test_one_act_explains_all_that_it_changed_and_no_more(partner: Partner) -> None:
    other = PartnerKind.objects.create(code="x", name="x", key="x", sort_key="x")
    Partner.objects.update(kind=other)
    Partner.objects.update(name="دیگر")
    first = record(action="test.first", by=None)
    second = record(action="test.second", by=None)
    assert first.changed_rows.count() == 2
    assert second.changed_rows.count() == 0
    assert verify({}).intact


def test_a_change_that_nobody_recorded_is_found(partner: Partner) -> None:
    Partner.objects.update(name="دیگر")
    assert [one.kind for one in verify({}).findings] == ["unexplained"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a file anybody can open")
def test_another_program_cannot_change_a_record(partner: Partner) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name IN ('parties_partner', 'audit_change')"
            " AND sql IS NOT NULL ORDER BY type = 'trigger', type <> 'table'"
        )
        schema = [sql for (sql,) in cursor.fetchall()]
    with sqlite3.connect(":memory:") as other:
        other.executescript(";".join(schema))
        columns = "id, uid, name, key, sort_key, kind_id, legal_id"
        other.execute(
            f"INSERT INTO parties_partner ({columns}) VALUES (1, 'u', 'n', 'k', 's', 1, '')"
        )
        with pytest.raises(sqlite3.OperationalError, match="tafahom_act"):
            other.execute("UPDATE parties_partner SET name = 'x'")


def test_missing_triggers_are_named(unguarded: Unguarded) -> None:
    assert guards.missing() == []
    with unguarded():
        assert "audit_guard_audit_entry_delete" in guards.missing()
    assert guards.missing() == []

"""What a registry file changed is kept, and taken back where nothing depends on it."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from figures.conftest import world, year
from periods.conftest import shut
from rosters import prepare
from tafahom.agreements.models import Agreement, Commitment, Obligation
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain
from tafahom.parties.actions import save_partner
from tafahom.parties.models import Audience, Centre, County, ListWord, Partner
from tafahom.training.models import ChangedCourse, LoadedRecord, OccupationalStandard, RegistryLoad
from tafahom.training.registries.loading import load
from tafahom.training.registries.loads import AlreadyUndoneError, Undone, undo_load

__all__ = ["world", "year"]
pytestmark = pytest.mark.django_db

AGREEMENTS = "number,partner,level,starts_on,ends_on,parent,target_person_hours,year"
GUILDS = "اتاق اصناف ایران"


@pytest.fixture(autouse=True)
def reference(db: None) -> Agreement:
    """Reference data, a partner and an agreement."""
    return prepare()


def loaded(folder: Path, kind: str, *lines: str) -> RegistryLoad:
    """Load a file of these lines and return what was kept of it."""
    path = folder / f"{kind}.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    report = load(kind, path, by=None)
    assert report.problems == []
    return RegistryLoad.objects.get(uid=report.load_uid)


def undo(one: RegistryLoad) -> Undone:
    return undo_load(one, by=None)


def codes(undone: Undone) -> set[tuple[str, str]]:
    return {(staying.name, staying.code) for staying in undone.staying}


def tables() -> dict[str, list[dict[str, Any]]]:
    kinds = (Partner, Centre, County, OccupationalStandard, Agreement, Commitment, ListWord)
    return {model.__name__: list(model._base_manager.order_by("pk").values()) for model in kinds}


def test_what_a_load_changed_is_kept_as_data(tmp_path: Path) -> None:
    kept = loaded(tmp_path, "partners", "name,kind", f"{GUILDS},صنعت", "نهاد آزمون,دولتی")
    assert (kept.registry, kept.file_name) == ("partners", "partners.csv")
    made, changed = kept.records.order_by("old")
    if made.old is not None:
        made, changed = changed, made
    guilds = Partner.objects.get(name=GUILDS)
    assert (changed.table, changed.row) == ("parties.Partner", guilds.pk)
    assert list(changed.old) == list(changed.new) == ["kind_id"]
    assert made.new["name"] == "نهاد آزمون"


def test_a_load_that_changes_nothing_keeps_nothing(tmp_path: Path) -> None:
    lines = ("name,kind", "نهاد آزمون,دولتی")
    loaded(tmp_path, "partners", *lines)
    assert load("partners", tmp_path / "partners.csv", by=None).load_uid == ""
    assert RegistryLoad.objects.count() == 1


def test_an_undone_load_leaves_all_as_it_was(tmp_path: Path) -> None:
    before = tables()
    standards = "title,code,cluster,theory_hours,practice_hours"
    loads = [
        loaded(tmp_path, "partners", "name,kind", f"{GUILDS},صنعت", "نهاد آزمون,دولتی"),
        loaded(tmp_path, "centres", "name,type,county", "مرکز آزمون,زندان,کرج"),
        loaded(tmp_path, "standards", standards, "جوشکار آزمون,123,صنعت,40,60"),
        loaded(
            tmp_path,
            "agreements",
            AGREEMENTS,
            f"2/97/2,{GUILDS},استانی,1397/01/01,1399/12/29,1/97/1,500,1397",
            f"1/97/1,{GUILDS},ملی,1397/01/01,1399/12/29,,1000,1397",
            f"553/96/2508,{GUILDS},استانی,1397/01/01,1398/12/29,,700,1397",
        ),
        loaded(tmp_path, "lists", "list,name,synonyms,sensitive", "شهرستان,شهر آزمون,شهر تازه,"),
    ]
    assert tables() != before
    for one in reversed(loads):
        undone = undo(one)
        assert undone.staying == []
        assert undone.removed + undone.restored == one.records.count()
        one.refresh_from_db()
        assert one.undone_at
    assert tables() == before
    with pytest.raises(AlreadyUndoneError):
        undo(loads[0])


def test_the_figures_are_told_and_the_audit_says_who(tmp_path: Path, year: SimpleNamespace) -> None:
    one = loaded(tmp_path, "partners", "name,kind", f"{GUILDS},صنعت")
    ChangedCourse.objects.all().delete()
    undo(one)
    assert ChangedCourse.objects.filter(course_id=year.one.pk).exists()
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.target) == ("registry.load_undone", f"load:{one.uid}")
    assert entry.details == {"removed": 0, "restored": 1, "staying": 0}
    assert verify_chain().intact


def test_what_somebody_changed_since_stays_until_that_is_undone(tmp_path: Path) -> None:
    first = loaded(tmp_path, "partners", "name,kind", f"{GUILDS},صنعت")
    second = loaded(tmp_path, "partners", "name,kind", f"{GUILDS},دولتی")
    undone = undo(first)
    assert codes(undone) == {(GUILDS, "changed")}
    first.refresh_from_db()
    assert first.undone_at is None
    undo(second)
    assert undo(first).restored == 1
    assert Partner.objects.get(name=GUILDS).kind.name == "غیردولتی"


def test_what_others_depend_on_stays_and_the_rest_goes(tmp_path: Path) -> None:
    one = loaded(
        tmp_path,
        "agreements",
        AGREEMENTS,
        f"1/97/1,{GUILDS},استانی,1397/01/01,1399/12/29,,1000,1397",
        f"2/97/2,{GUILDS},استانی,1397/01/01,1399/12/29,,500,1397",
    )
    used = Agreement.objects.get(number="1/97/1")
    duty = Obligation.objects.create(
        agreement=used, side="partner", text="معرفی مهارت‌آموزان", due_on=used.ends_on
    )
    undone = undo(one)
    assert codes(undone) == {(str(used), "used")}
    assert not Agreement.objects.filter(number="2/97/2").exists()
    duty.delete()
    assert codes(undo(one)) == set()
    assert not Agreement.objects.filter(number="1/97/1").exists()


def test_a_record_that_is_gone_by_now_is_no_hindrance(tmp_path: Path) -> None:
    one = loaded(tmp_path, "centres", "name,type,county", "مرکز آزمون,زندان,کرج")
    Centre.objects.get(name="مرکز آزمون").delete()
    assert undo(one).staying == []


def test_an_entry_whose_word_came_later_stays(tmp_path: Path) -> None:
    header = "list,name,synonyms,sensitive"
    first = loaded(tmp_path, "lists", header, "گروه مخاطب,گروه آزمون,,خیر")
    second = loaded(tmp_path, "lists", header, "گروه مخاطب,گروه آزمون,آزمونی,خیر")
    assert codes(undo(first)) == {("گروه آزمون", "used")}
    undo(second)
    undo(first)
    assert not Audience.objects.filter(name="گروه آزمون").exists()


def test_what_would_move_a_closed_month_stays(
    year: SimpleNamespace, settings: Settings, tmp_path: Path
) -> None:
    settings.PROVINCE_CODE = "test"
    one = loaded(tmp_path, "partners", "name,kind", f"{year.prisons.name},صنعت", "نهاد تازه,صنعت")
    shut(year.world.province, 139702)
    undone = undo(one)
    [staying] = undone.staying
    assert (staying.name, staying.code) == (year.prisons.name, "period.closed")
    assert 139702 in staying.months
    assert not Partner.objects.filter(name="نهاد تازه").exists()
    assert Partner.objects.get(pk=year.prisons.pk).kind.name == "صنعت"


def test_what_was_before_and_is_taken_by_now_stays(tmp_path: Path) -> None:
    save_partner(name="نهاد الف", kind="دولتی", by=None)
    one = loaded(tmp_path, "partners", "name,kind", "نهاد الف,صنعت")
    record = one.records.get()
    # As if the load had renamed it: its old name is another's by now.
    other = save_partner(name="نهاد ب", kind="دولتی", by=None)[0]
    record.old, record.new = {"key": other.key}, {"key": Partner.objects.get(name="نهاد الف").key}
    record.save()
    assert codes(undo(one)) == {("نهاد الف", "conflict")}


KINDS = st.sampled_from(["صنعت", "دولتی", "غیردولتی"])
NAMES = st.sampled_from([GUILDS, "نهاد الف", "نهاد ب", "نهاد پ"])


@given(files=st.lists(st.dictionaries(NAMES, KINDS, min_size=1), min_size=1, max_size=4))
@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_loads_undone_from_the_last_leave_no_trace(
    files: list[dict[str, str]], tmp_path: Path
) -> None:
    before, kept = tables(), []
    for number, rows in enumerate(files):
        path = tmp_path / f"{number}.csv"
        path.write_text("\n".join(["name,kind", *map(",".join, rows.items())]), encoding="utf-8")
        if uid := load("partners", path, by=None).load_uid:
            kept.append(RegistryLoad.objects.get(uid=uid))
    for one in reversed(kept):
        assert undo(one).staying == []
    assert tables() == before


def command(*words: str) -> tuple[dict[str, Any], int]:
    out, status = io.StringIO(), 0
    try:
        call_command("load", *words, "--json", stdout=out)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return json.loads(out.getvalue()), status


def test_the_command_says_what_it_would_do_and_does_it(tmp_path: Path) -> None:
    path = tmp_path / "partners.csv"
    path.write_text(f"name,kind\n{GUILDS},صنعت\nنهاد آزمون,صنعت\n", encoding="utf-8")
    answer, _status = command("partners", str(path))
    uid = answer["load"]
    [listed] = command("history")[0]["loads"]
    assert (listed["load"], listed["changes"], listed["left"]) == (uid, 2, 2)
    dry, status = command("undo", uid, "--dry-run")
    assert (dry["removed"], dry["restored"], dry["dry_run"], status) == (1, 1, True, 0)
    assert Partner.objects.filter(name="نهاد آزمون").exists()
    assert LoadedRecord.objects.filter(taken_back_at=None).count() == 2
    save_partner(name=GUILDS, kind="دولتی", by=None)
    done, status = command("undo", uid)
    assert (done["removed"], done["restored"], status) == (1, 0, 1)
    [staying] = done["staying"]
    assert (staying["record"], staying["code"]) == (GUILDS, "changed")
    assert staying["message"]
    assert command("undo", uid)[1] == 2
    with pytest.raises(CommandError) as caught:
        command("undo", "nothing")
    assert caught.value.returncode == 2
    out = io.StringIO()
    call_command("load", "history", stdout=out)
    assert uid in out.getvalue()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_nobody_else_writes_the_registry_while_it_is_loaded(tmp_path: Path) -> None:
    loaded(tmp_path, "partners", "name,kind", "نهاد آزمون,صنعت")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE mode = 'ShareRowExclusiveLock'")
        assert cursor.fetchone()[0] >= 3  # until this test's transaction ends

"""Keys of before punctuation told names apart are renewed, in closed months too, without a trace."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from rosters import course, entry, prepare
from tafahom.audit import guards as audit_guards
from tafahom.audit.models import Change
from tafahom.jalali import month_of
from tafahom.parties.migrations._keys import old_key
from tafahom.parties.models import Centre, Partner
from tafahom.parties.queries import home_province
from tafahom.periods import guards
from tafahom.periods.models import Period, PeriodState
from tafahom.persian import normal_key
from tafahom.training.models import Course, OccupationalStandard
from tafahom.training.rosters.actions import record_roster
from tafahom.training.rosters.queries import judge_roster

MIGRATIONS = ("parties.migrations.0003_keys", "training.migrations.0004_keys",
              "agreements.migrations.0012_keys")  # fmt: skip
ROWS = (
    course("", title="برنامه‌نویسی C++", standard_code="", centre="کارگاه ۱/۱۲"),
    course("", title="جوشکار", standard_code="7-21/3", centre="مرکز ۲"),
    course("1397-9", title="حرفه ۱.۲", standard_code="", centre="کارگاه ۱/۱۲"),
)


def migrate() -> None:
    """Run what the migrations do to data, as they run it."""
    editor = SimpleNamespace(connection=connection)
    with guards.lifted("default"):
        if connection.vendor == "sqlite":
            audit_guards.remove()
        for name in MIGRATIONS:
            import_module(f"tafahom.{name}").renew_keys(apps, editor)


def old_course_key(facts: Course) -> str:
    digest = import_module("tafahom.training.migrations.0004_keys").digest
    standard = facts.standard.code or facts.title
    return str(digest(facts, facts.agreement.key, old_key(standard), old_key(facts.centre.name)))


def age() -> dict[str, str]:
    """Give every record the key it had before; return the keys of now."""
    keys = {}
    for centre in Centre.objects.all():
        keys[centre.name] = centre.key
        Centre.objects.filter(pk=centre.pk).update(key=old_key(centre.name))
    for one in Course.objects.filter(code=""):
        keys[one.title] = one.key
        Course.objects.filter(pk=one.pk).update(key=old_course_key(one))
    for standard in OccupationalStandard.objects.all():
        keys[f"standard {standard.title}"] = standard.key
        said = standard.code or standard.title
        OccupationalStandard.objects.filter(pk=standard.pk).update(key=old_key(said))
    return keys


def keys_of_now() -> dict[str, str]:
    standards = OccupationalStandard.objects.values_list("title", "key")
    return (
        dict(Centre.objects.values_list("name", "key"))
        | dict(Course.objects.filter(code="").values_list("title", "key"))
        | {f"standard {title}": key for title, key in standards}
    )


@pytest.mark.django_db
def test_records_of_before_are_those_of_now_in_closed_months_too() -> None:
    prepare()
    entries = [entry(row, facts) for row, facts in enumerate(ROWS, 1)]
    record_roster(entries, sha256="a" * 64, file_name="a", rows=3, rejected=0, by=None)
    now = keys_of_now()
    assert age() == now != keys_of_now()
    Period.objects.create(
        province=home_province(), month=month_of(ROWS[0].ends_on), state=PeriodState.CLOSED
    )
    changes = Change.objects.count()
    migrate()
    assert keys_of_now() == now
    assert Change.objects.count() == changes
    assert guards.missing() == []
    again = judge_roster([entry(9, ROWS[0])], sha256="b" * 64)
    assert [problem.code for problem in again.problems] == ["period.closed"]


@pytest.mark.django_db
def test_a_key_that_no_name_made_stays() -> None:
    prepare()
    Partner.objects.update(name="شرکت ۱/۲", key="otherkey")
    migrate()
    assert Partner.objects.get().key == "otherkey"


@given(st.text(alphabet=st.sampled_from(list("اکي۰۱2 -/.+#،abC\u200c²"))), st.text(max_size=12))
def test_keys_only_become_finer(one: str, other: str) -> None:
    for text in (one, other):
        stripped = normal_key(text).replace("/", "").replace("+", "").replace("#", "")
        assert stripped == old_key(stripped)
    if normal_key(one) == normal_key(other):
        assert old_key(one) == old_key(other)

"""What figures group and count by stays as it is where a closed month has figures of it."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django.fixtures import Settings

from figures.world import record
from periods.conftest import shut
from tafahom.agreements.models import Agreement
from tafahom.parties.actions import ChangeRefusedError, save_centre, save_partner
from tafahom.parties.models import Centre, CentreType, County, Partner
from tafahom.people.models import Person
from tafahom.periods.messages import refusal_in, understood
from tafahom.periods.models import Period, Reopening
from tafahom.periods.rules import PeriodClosedError
from tafahom.training.models import Cluster, Enrolment, OccupationalStandard
from tafahom.training.registries.loading import load

pytestmark = pytest.mark.django_db
MONTH = 139702


@pytest.fixture
def closed(year: SimpleNamespace, settings: Settings) -> SimpleNamespace:
    """The year of ``figures.conftest`` with its second month closed; its province is ours."""
    settings.PROVINCE_CODE = "test"
    year.period = shut(year.world.province, MONTH)
    year.standard = OccupationalStandard.objects.get(title="جوشکاری")
    year.centre = Centre.objects.get()
    return year


def _other(found: Any) -> int:
    return found.order_by("-pk").values_list("pk", flat=True)[0]


CHANGES: dict[str, Callable[[SimpleNamespace], Any]] = {
    "kind of a partner": lambda y: Partner.objects.filter(pk=y.prisons.pk).update(
        kind=y.world.kinds["صنفی"]
    ),
    "partner of an agreement": lambda y: Agreement.objects.filter(pk=y.national.pk).update(
        partner=y.guild
    ),
    "level of an agreement": lambda y: Agreement.objects.filter(pk=y.national.pk).update(
        level="provincial"
    ),
    "type of a centre": lambda y: Centre.objects.update(centre_type=None),
    "county of a centre": lambda y: Centre.objects.update(county=None),
    "cluster of a standard": lambda y: OccupationalStandard.objects.update(
        cluster=_other(Cluster.objects)
    ),
    "hours of a standard": lambda y: OccupationalStandard.objects.filter(pk=y.standard.pk).update(
        total_minutes=1
    ),
    "gender of a person": lambda y: Person.objects.filter(pk=y.ali.pk).update(gender="female"),
    "a partner put in place of another": lambda y: _replaced(y.prisons),
    "an agreement put in place of another": lambda y: _replaced(y.national),
    "a standard put in place of another": lambda y: _replaced(y.standard),
    "a person put in place of another": lambda y: _replaced(y.ali),
}


def _replaced(record: Any) -> None:
    """Remove a row, as INSERT OR REPLACE does on SQLite before it writes the other."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {record._meta.db_table} WHERE id = %s", [record.pk])


@pytest.mark.parametrize("name", CHANGES)
def test_the_database_refuses_what_would_move_a_closed_month(
    closed: SimpleNamespace, name: str
) -> None:
    with pytest.raises(PeriodClosedError), understood():
        CHANGES[name](closed)


@pytest.mark.parametrize("name", [one for one in CHANGES if "in place" not in one])
def test_an_open_month_may_be_moved(year: SimpleNamespace, name: str) -> None:
    year.standard = OccupationalStandard.objects.get(title="جوشکاری")
    shut(year.world.province, 139512)
    CHANGES[name](year)


def test_renaming_and_what_moves_no_figure_stay_allowed(closed: SimpleNamespace) -> None:
    Partner.objects.filter(pk=closed.prisons.pk).update(name="زندان‌ها")
    Centre.objects.update(name="مرکز نو")
    Agreement.objects.filter(pk=closed.national.pk).update(subject="آموزش", number="1/1397")
    # 80 hours are 80 hours, whether told in one number or in two.
    OccupationalStandard.objects.filter(pk=closed.standard.pk).update(
        total_minutes=None, theory_minutes=1800, practice_minutes=3000
    )
    bare = closed.world.agreement("4/97", closed.world.partner("بنیاد"))
    Partner.objects.filter(pk=bare.partner_id).update(kind=closed.world.kinds["صنفی"])
    Agreement.objects.filter(pk=bare.pk).update(partner=closed.prisons, level="national")


def test_what_a_closed_month_compares_with_keeps_its_partner(closed: SimpleNamespace) -> None:
    """The guild taught nobody in that month, but what it promised for the year is compared with."""
    with pytest.raises(PeriodClosedError), understood():
        Partner.objects.filter(pk=closed.guild.pk).update(kind=closed.prisons.kind)
    with pytest.raises(PeriodClosedError), understood():
        Agreement.objects.filter(pk=closed.trade.pk).update(partner=closed.prisons)


def test_a_session_in_a_closed_month_holds_what_its_hours_are_grouped_by(
    year: SimpleNamespace,
) -> None:
    year.world.register(year.enrolments["four_reza"], [(139710, 3000), (139711, 3000)])
    shut(year.world.province, 139710)
    reza = Person.objects.filter(pk=year.enrolments["four_reza"].person_id)
    with pytest.raises(PeriodClosedError), understood():
        reza.update(gender="female")
    with pytest.raises(PeriodClosedError), understood():
        Enrolment.objects.filter(pk=year.enrolments["four_reza"].pk).update(education="دیپلم")
    Person.objects.filter(pk=year.sara.pk).update(gender="")


def test_the_refusal_names_the_months(closed: SimpleNamespace) -> None:
    shut(closed.world.province, 139705)
    with pytest.raises(ChangeRefusedError) as error:
        save_partner(name=closed.prisons.name, kind="صنفی", by=None)
    refusal = refusal_in(error.value)
    assert refusal is not None
    assert refusal.months == (139702, 139705)
    record(CentreType, "روستایی", code="test-rural")
    with pytest.raises(ChangeRefusedError):
        save_centre(name="مرکز یک", centre_type="روستایی", province=closed.world.province, by=None)


def test_reopened_months_take_the_change(
    closed: SimpleNamespace, reopen: Callable[[Period], Reopening]
) -> None:
    reopen(closed.period)
    for name in ("kind of a partner", "gender of a person", "hours of a standard"):
        CHANGES[name](closed)


def _write(folder: Path, *rows: dict[str, str]) -> Path:
    path = folder / "registry.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _agreement(number: str, partner: str, level: str) -> dict[str, str]:
    return {
        "number": number,
        "partner": partner,
        "level": level,
        "starts_on": "1395/1/1",
        "ends_on": "1399/12/29",
    }


REGISTRIES: dict[str, tuple[str, str, list[dict[str, str]]]] = {
    "partners": (
        "kind",
        "صنفی",
        [{"name": "سازمان زندان‌ها", "kind": "صنفی"}, {"name": "دستگاه نو", "kind": "دولتی"}],
    ),
    "agreements": (
        "level",
        "استانی",
        [
            _agreement("1/97", "سازمان زندان‌ها", "استانی"),
            _agreement("9/97", "سازمان زندان‌ها", "استانی"),
        ],
    ),
    "centres": (
        "type",
        "روستایی",
        [{"name": "مرکز یک", "type": "روستایی"}, {"name": "مرکز نو", "type": "زندان"}],
    ),
    "standards": (
        "theory_hours",
        "10",
        [
            {"title": "جوشکاری", "theory_hours": "10"},
            {"title": "نو", "theory_hours": "10"},
        ],
    ),
}


@pytest.mark.parametrize("kind", REGISTRIES)
def test_a_row_of_a_registry_is_refused_and_the_others_are_taken(
    closed: SimpleNamespace, tmp_path: Path, kind: str
) -> None:
    CentreType.objects.get_or_create(
        code="rural", defaults={"name": "روستایی", "key": "روستایی", "sort_key": "روستایی"}
    )
    column, value, rows = REGISTRIES[kind]
    report = load(kind, _write(tmp_path, *rows), by=None)
    assert (report.rows, report.accepted, report.changed) == (2, 1, 1)
    [problem] = report.problems
    assert (problem.row, problem.column, problem.code) == (2, column, "period.closed")
    assert (problem.value, problem.months) == (value, (MONTH,))


def test_the_command_says_which_months_and_what_to_do(
    closed: SimpleNamespace, tmp_path: Path
) -> None:
    path = _write(tmp_path, *REGISTRIES["partners"][2])
    out = io.StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("load", "partners", str(path), "--json", stdout=out)
    assert status.value.code == 1
    [error] = json.loads(out.getvalue())["errors"]
    assert error["row"] == 2
    assert "1397-02" in error["message"] or "اردیبهشت ۱۳۹۷" in error["message"]
    assert County.objects.count() == 1

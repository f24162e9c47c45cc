"""Each closed month keeps its table of figures, and what moves it is seen."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from periods.conftest import shut
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Part, Role
from tafahom.agreements.models import Agreement, Commitment
from tafahom.audit.models import Entry
from tafahom.desk.needs import work_list
from tafahom.exchange import closing, tasks
from tafahom.figures.catalogue import DIMENSIONS
from tafahom.figures.closed_months import compare, month_figures
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.operations.health import Severity, examine
from tafahom.parties.models import Partner, Province
from tafahom.periods import guards
from tafahom.periods.messages import refusal_in
from tafahom.periods.models import MonthTable, MonthTableCheck, MonthTableRow, Period, Reopening
from tafahom.periods.rules import moved_figures, table_digest
from tafahom.reports.definitions.figures import figures_table
from tafahom.scoping import Scope, scoped_to
from tafahom.training.models import Enrolment, OccupationalStandard

pytestmark = pytest.mark.django_db
MONTH = 139702


@contextmanager
def unguarded() -> Iterator[None]:
    """Write as somebody does who takes the guards away."""
    guards.remove()
    yield
    guards.install()


def row(table: MonthTable, dimension: str, name: str = "") -> dict[str, float]:
    return table.rows.get(dimension=dimension, name=name).values


def test_closing_keeps_the_figures_by_everything(year: SimpleNamespace) -> None:
    period = shut(year.world.province, MONTH)
    table = period.tables.get()
    assert (table.version, len(table.digest)) == (1, 64)
    whole = row(table, "")
    assert whole == {
        "persons": 2, "enrolled_persons": 2, "person_courses": 2, "person_hours": 20.5, "courses": 1, "standards": 1,
        "partners": 1, "agreements": 1, "centres": 1, "sat": 2, "passed": 1, "certified": 1,
        "committed_persons": whole["committed_persons"],
        "committed_person_hours": whole["committed_person_hours"],
        "person_hours.planned": 24, "person_hours.standard": 160,
    }  # fmt: skip
    assert row(table, "partner_kind", "دولتی")["person_hours"] == 20.5
    assert row(table, "gender", "زن")["person_hours"] == 10.5
    assert row(table, "agreement", "1/97")["committed_person_hours"] == 100
    by = set(table.rows.values_list("dimension", flat=True))
    assert by == {"", *DIMENSIONS} - {"month"}
    told = Entry.objects.get(action="periods.table_written")
    assert told.details == {"version": 1, "digest": table.digest}
    assert not compare(period).has_moved


def test_a_month_without_courses_has_its_table_too(year: SimpleNamespace) -> None:
    period = shut(year.world.province, 139703)
    assert "persons" not in period.tables.get().rows.get(dimension="").values
    assert not compare(period).has_moved


def test_a_correction_writes_the_next_version_and_keeps_the_old(
    year: SimpleNamespace, reopen: Callable[[Period], Reopening], approver: User
) -> None:
    period = shut(year.world.province, MONTH)
    reopening = reopen(period)
    year.world.enrol(year.world.person("female"), year.one, minutes=60)
    closing.close_again(reopening, by=approver)
    second, first = period.tables.all()
    assert (first.version, second.version) == (1, 2)
    assert row(first, "gender", "زن")["person_hours"] == 10.5
    assert row(second, "gender", "زن")["person_hours"] == 11.5
    assert not compare(period).has_moved


def test_a_correction_that_changed_nothing_writes_no_version(
    year: SimpleNamespace, reopen: Callable[[Period], Reopening], approver: User
) -> None:
    period = shut(year.world.province, MONTH)
    closing.close_again(reopen(period), by=approver)
    assert period.tables.count() == 1


def test_tables_can_not_be_changed_or_removed(year: SimpleNamespace) -> None:
    shut(year.world.province, MONTH)
    for write in (
        lambda: MonthTable.objects.update(digest="0" * 64),
        lambda: MonthTableRow.objects.update(values={}),
        lambda: MonthTableRow.objects.all().delete(),
        lambda: MonthTable.objects.all().delete(),
    ):
        with pytest.raises((DatabaseError, ProtectedError)) as error, transaction.atomic():
            write()
        assert refusal_in(error.value) or "protected" in str(error.value).lower()


def test_renaming_moves_no_figure(year: SimpleNamespace) -> None:
    period = shut(year.world.province, MONTH)
    Partner.objects.filter(pk=year.prisons.pk).update(name="زندان‌های کشور", key="x")
    OccupationalStandard.objects.filter(title="جوشکاری").update(title="جوشکار", code="99")
    assert not compare(period).has_moved


def promised(through_month: int, *by: str) -> dict[str, float | None]:
    """Person-hours that figures through a month compare with, by the names of what they are by."""
    query = FigureQuery(year=1397, through_month=through_month, by=by)
    found = figures(query)
    return {
        " ".join(value.name for value in one.dims.values()): one.values["committed_person_hours"]
        for one in (found.rows if by else [found.total])
    }


def test_a_closed_month_compares_with_what_was_promised_then(
    year: SimpleNamespace, reopen: Callable[[Period], Reopening], approver: User
) -> None:
    before = [promised(2, *by) for by in ((), ("partner",), ("level",), ("partner_kind", "level"))]
    period = shut(year.world.province, MONTH)
    year.world.agreement("5/97", year.guild, person_hours_1397=1000)
    Commitment.objects.filter(agreement=year.national, measure="person_hours").update(quantity=400)
    after = [promised(2, *by) for by in ((), ("partner",), ("level",), ("partner_kind", "level"))]
    assert after == before
    assert promised(2)[""] == 150
    assert promised(3)[""] == 1450
    assert not compare(period).has_moved
    reopening = reopen(period)
    assert promised(2)[""] == 1450
    closing.close_again(reopening, by=approver)
    assert promised(2)[""] == 1450
    assert row(period.tables.get(version=2), "agreement", "5/97")["committed_person_hours"] == 1000


def test_a_report_says_that_it_compares_with_what_was_promised_then(year: SimpleNamespace) -> None:
    def notes(through_month: int) -> list[str]:
        return figures_table(FigureQuery(year=1397, through_month=through_month)).notes

    open_month = notes(2)
    shut(year.world.province, MONTH)
    added = [note for note in notes(2) if note not in open_month]
    assert any("اردیبهشت" in note or "1397" in note for note in added)
    assert not any("هنگام بستن" in note or "was closed" in note for note in notes(3))


def test_of_several_provinces_each_keeps_its_own(year: SimpleNamespace) -> None:
    other = Province.objects.create(name="دیگر", key="دیگر", sort_key="دیگر", code="other")
    shut(year.world.province, MONTH)
    theirs = year.world.agreement("6/97", year.guild, person_hours_1397=70)
    Agreement.objects.filter(pk=theirs.pk).update(province=other)
    Commitment.objects.filter(agreement=year.trade).update(quantity=9)
    with scoped_to(Scope(provinces=frozenset({other.pk}))):
        assert promised(2)[""] == 70
    assert promised(2, "agreement")["3/97"] == 50
    assert promised(2, "agreement")["6/97"] == 70
    Commitment.objects.filter(agreement=theirs).update(quantity=80)
    assert promised(2, "agreement")["6/97"] == 80


def test_doctor_says_what_moved(year: SimpleNamespace) -> None:
    shut(year.world.province, MONTH)
    [finding] = [one for one in examine() if one.check == "closed_figures"]
    assert finding.level is Severity.OK
    with unguarded(), connection.cursor() as cursor:
        # Not even a note of the change for the warehouse.
        cursor.execute(
            "UPDATE training_enrolment SET credited_minutes = 660 WHERE id = %s",
            [year.enrolments["one_ali"].pk],
        )
    found = [one for one in examine() if one.check == "closed_figures"]
    assert {one.level for one in found} == {Severity.FAILED}
    assert "1397-02" in found[0].text or "اردیبهشت ۱۳۹۷" in found[0].text
    assert "20.5" in found[0].text
    assert "21.5" in found[0].text


def test_doctor_sees_that_the_table_itself_was_changed(year: SimpleNamespace) -> None:
    period = shut(year.world.province, MONTH)
    with unguarded():
        period.tables.get().rows.filter(dimension="gender", key="male").delete()
    found = [one for one in examine() if one.check == "closed_figures"]
    assert {one.level for one in found} == {Severity.FAILED}


def test_months_closed_before_there_were_tables_get_theirs(year: SimpleNamespace) -> None:
    period = shut(year.world.province, MONTH)
    with unguarded():
        MonthTableRow.objects.all().delete()
        MonthTable.objects.all().delete()
    [finding] = [one for one in examine() if one.check == "closed_figures"]
    assert finding.level is Severity.WARNING
    call_command("periods", "check", stdout=io.StringIO())
    assert period.tables.get().version == 1
    assert MonthTableCheck.objects.get().moved.count() == 0


def test_the_nightly_check_tells_records_and_raises_attention(year: SimpleNamespace) -> None:
    director = User.objects.create(username="director")
    give_role(
        user=director, role=Role.DIRECTOR, part=Part.PROVINCE, of=year.world.province, by=None
    )
    clerk = User.objects.create(username="clerk")
    shut(year.world.province, MONTH)
    tasks.check_closed_months.enqueue()
    assert [need.kind for need in work_list(director) if need.kind == "moved"] == []
    with unguarded():
        Enrolment.objects.filter(pk=year.enrolments["one_ali"].pk).update(passed=False)
    out = io.StringIO()
    with pytest.raises(SystemExit) as status:
        call_command("periods", "check", "--json", stdout=out)
    assert status.value.code == 1
    [month] = json.loads(out.getvalue())["months"]
    assert (month["province"], month["month"], month["version"]) == ("test", MONTH, 1)
    whole = [one for one in month["moved"] if one["dimension"] is None]
    assert [(one["measure"], one["was"], one["is"]) for one in whole] == [("passed", 1, 0)]
    assert Entry.objects.get(action="periods.figures_moved").target == "period:test/139702"
    [need] = [need for need in work_list(director) if need.kind == "moved"]
    assert need.urgency == 0
    assert need.address.endswith("/test/139702/")
    assert need.text
    assert [need.kind for need in work_list(clerk)] == []
    with unguarded():
        Enrolment.objects.filter(pk=year.enrolments["one_ali"].pk).update(passed=True)
    call_command("periods", "check", stdout=io.StringIO())
    assert [need.kind for need in work_list(director) if need.kind == "moved"] == []


def test_a_month_under_correction_is_not_compared(
    year: SimpleNamespace, reopen: Callable[[Period], Reopening]
) -> None:
    reopen(shut(year.world.province, MONTH))
    Enrolment.objects.filter(pk=year.enrolments["one_ali"].pk).update(passed=False)
    assert closing.check_tables() == []


def test_a_measure_that_came_later_is_not_compared(year: SimpleNamespace) -> None:
    period = shut(year.world.province, MONTH)
    table, now = period.tables.get(), month_figures(period)
    was = {group: dict(values) for group, values in now.groups.items()}
    for values in was.values():
        values.pop("sat", None)
    assert moved_figures(was, now.groups, [one for one in table.measures if one != "sat"]) == []
    [moved, *_others] = moved_figures(was, now.groups, table.measures)
    assert (moved.measure, moved.was) == ("sat", 0)
    assert table_digest(was, table.measures) != table.digest

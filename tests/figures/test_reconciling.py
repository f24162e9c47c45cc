"""The doctor's comparison of facts with rows: by value, not by count."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tafahom.figures import warehouse
from tafahom.figures.reconciling import months_out_of_step
from tafahom.figures.schema import FACTS
from tafahom.training.attendance.actions import add_sessions
from tafahom.training.models import Attendance, Course, Enrolment

MONTH = 139705
# The name of an education is what is shown for its key. Months of sessions have a test below.
LEFT_OUT = {"session_month", "education_name", "end_month", "weight"}


def facts(month: int) -> Path:
    return warehouse.folder() / "facts" / f"end_month={month}.parquet"


def rewrite(file: Path, table: pa.Table) -> None:
    pq.write_table(table, file, compression="zstd")


@pytest.mark.parametrize("column", sorted(FACTS.keys() - LEFT_OUT))
def test_another_value_in_the_facts_is_found(year: SimpleNamespace, column: str) -> None:
    assert months_out_of_step() == []
    table = pq.read_table(facts(MONTH), partitioning=None)
    values = table[column].to_pylist()
    values[0] = values[0] + 1 if isinstance(values[0], int) else f"{values[0]}x"
    place = table.schema.get_field_index(column)
    changed = pa.array(values, table[column].type)
    rewrite(facts(MONTH), table.set_column(place, table.schema.field(place), changed))
    assert months_out_of_step() == [MONTH]


def test_values_that_changed_places_are_found(year: SimpleNamespace) -> None:
    table = pq.read_table(facts(MONTH), partitioning=None) if months_out_of_step() == [] else None
    assert table is not None
    values = table["attended_minutes"].to_pylist()
    assert len(set(values)) > 1
    place = table.schema.get_field_index("attended_minutes")
    turned = pa.array(list(reversed(values)), pa.int64())
    rewrite(facts(MONTH), table.set_column(place, table.schema.field(place), turned))
    assert months_out_of_step() == [MONTH]


def test_hours_in_another_month_of_sessions_are_found(year: SimpleNamespace) -> None:
    course = Course.objects.filter(end_month=MONTH).first()
    enrolment = course.enrolments.order_by("pk").first()
    days = [course.ends_on - dt.timedelta(days=40), course.ends_on]
    Course.objects.filter(pk=course.pk).update(starts_on=days[0])
    add_sessions(course=course, days=days, minutes=enrolment.credited_minutes // 2, by=None)
    for session in course.sessions.all():
        Attendance.objects.create(
            enrolment=enrolment,
            session=session,
            mark="present",
            credited_minutes=enrolment.credited_minutes // 2,
        )
    assert months_out_of_step() == []
    warehouse.rewrite([MONTH])
    table = pq.read_table(facts(MONTH), partitioning=None)
    months = table["session_month"].to_pylist()
    assert len(set(months)) == 2
    place = table.schema.get_field_index("session_month")
    moved = pa.array([month if month == MONTH else month - 1 for month in months], pa.int32())
    rewrite(facts(MONTH), table.set_column(place, table.schema.field(place), moved))
    assert months_out_of_step() == [MONTH]


def test_a_row_twice_in_place_of_another_is_found(year: SimpleNamespace) -> None:
    assert months_out_of_step() == []
    table = pq.read_table(facts(MONTH), partitioning=None)
    rewrite(facts(MONTH), table.take(pa.array([0, *range(table.num_rows - 1)])))
    assert months_out_of_step() == [MONTH]


def test_a_row_that_was_changed_past_the_application_is_found(year: SimpleNamespace) -> None:
    assert months_out_of_step() == []
    changed = Enrolment.objects.filter(course__end_month=MONTH).order_by("pk")[:1]
    Enrolment.objects.filter(pk__in=changed.values("pk")).update(credited_minutes=17)
    assert months_out_of_step() == [MONTH]


def test_facts_that_are_gone_are_found(year: SimpleNamespace) -> None:
    assert months_out_of_step() == []
    facts(MONTH).unlink()
    assert months_out_of_step() == [MONTH]

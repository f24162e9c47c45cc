"""The doctor's comparison of facts with rows: by value, not by count."""

from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tafahom.figures import warehouse
from tafahom.figures.reconciling import months_out_of_step
from tafahom.figures.schema import FACTS
from tafahom.training.models import Enrolment

MONTH = 139705
# Where attendance is kept by session, hours are told by month; that is not compared. The
# name of an education is what is shown for its key.
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

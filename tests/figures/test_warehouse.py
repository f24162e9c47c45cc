"""The facts stay equal to the database, by small steps as by a rebuild, and name nobody."""

import fcntl
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from figures.world import World
from tafahom.audit.actions import record
from tafahom.figures import warehouse
from tafahom.figures.queries import figures
from tafahom.figures.schema import FACTS
from tafahom.figures.tables import FigureQuery, FigureRow, Number
from tafahom.scoping import Scope, scoped_to
from tafahom.training.models import ChangedCourse, Course, Enrolment


def contents() -> dict[str, list[dict[str, object]]]:
    """Return all facts by file, in a stable order."""
    folder = Path(settings.DATA_DIR) / "warehouse" / "facts"
    return {file.name: pq.read_table(file).to_pylist() for file in sorted(folder.iterdir())}


def hours_of(partner: str, rows: list[FigureRow]) -> Number:
    """Return the person-hours of a partner."""
    [row] = (row for row in rows if row.dims["partner"].name == partner)
    return row.values["person_hours"]


def test_the_first_refresh_builds_every_month_and_the_next_nothing(year: SimpleNamespace):
    assert warehouse.refresh() == [139602, 139702, 139705, 139711]
    assert not ChangedCourse.objects.exists()
    assert warehouse.refresh() == []


def test_only_the_months_of_changed_courses_are_written(year: SimpleNamespace):
    warehouse.refresh()
    year.world.enrol(year.world.person(), year.two)
    assert warehouse.refresh() == [139705]


def test_a_course_that_moves_leaves_its_month(year: SimpleNamespace):
    warehouse.refresh()
    year.world.changed(year.one)
    Course.objects.filter(pk=year.one.pk).update(end_month=139703)
    assert warehouse.refresh() == [139702, 139703]
    assert 139702 not in warehouse.months()


def test_a_corrected_registry_reaches_the_facts_it_touches(year: SimpleNamespace):
    by_kind = FigureQuery(1397, 12, by=("partner_kind",))
    assert len(figures(by_kind).rows) == 2
    year.world.partner("اتاق اصناف ایران", kind="دولتی")
    record(action="test.partner_corrected", by=None)
    assert warehouse.refresh() == [139705, 139711]
    assert [row.dims["partner_kind"].name for row in figures(by_kind).rows] == ["دولتی"]


def test_another_database_in_the_same_place_is_noticed(year: SimpleNamespace):
    warehouse.refresh()
    first = Course.objects.order_by("id").first()
    assert first is not None
    Course.objects.filter(pk=first.pk).update(uid="another")
    assert len(warehouse.refresh()) == 4


def test_writers_wait_for_each_other():
    with ThreadPoolExecutor(1) as other:
        with warehouse._lock("build.lock", fcntl.LOCK_EX):
            waiting = other.submit(_lock_briefly)
            assert not waiting.done()
        assert waiting.result(timeout=20)


def _lock_briefly() -> bool:
    with warehouse._lock("build.lock", fcntl.LOCK_EX):
        return True


def test_asking_again_costs_two_queries(year: SimpleNamespace, django_assert_max_num_queries):
    warehouse.refresh()
    warehouse.refresh()
    with django_assert_max_num_queries(2):
        assert warehouse.refresh() == []


def test_a_lost_or_damaged_manifest_means_a_rebuild(year: SimpleNamespace):
    warehouse.refresh()
    before = contents()
    (warehouse.folder() / "manifest.json").write_text("{")
    assert len(warehouse.refresh()) == 4
    assert contents() == before


def test_facts_have_the_columns_that_measures_expect_and_name_nobody(year: SimpleNamespace):
    warehouse.refresh()
    for file in (warehouse.folder() / "facts").iterdir():
        schema = pq.read_schema(file)
        kinds = {name: str(schema.field(name).type) for name in schema.names}
        assert kinds == FACTS
        texts = {name for name in schema.names if pa.types.is_string(schema.field(name).type)}
        assert texts == {"level", "gender", "education", "education_name", "age_band"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_small_steps_end_where_a_rebuild_does(world: World, seed: int):
    chance = random.Random(seed)
    partner = world.partner("بنیاد")
    agreements = [world.agreement(f"{n}/97", partner) for n in range(3)]
    people = [world.person(chance.choice(["male", "female", ""])) for _ in range(6)]
    courses: list[Course] = []
    for _step in range(12):
        _random_change(world, chance, agreements, people, courses)
        if chance.random() < 0.5:
            warehouse.refresh()
    warehouse.refresh()
    stepwise = contents()
    warehouse.rebuild()
    assert contents() == stepwise
    counted = sum(len({row["enrolment"] for row in rows}) for rows in stepwise.values())
    assert counted == Enrolment.objects.count()


def _random_change(world: World, chance: random.Random, agreements, people, courses) -> None:
    act = chance.choice(["course", "enrol", "register", "remove", "move"])
    if act == "course" or not courses:
        month = chance.randint(1, 12)
        courses.append(world.course(chance.choice(agreements), (1397, month, 5)))
        return
    course = chance.choice(courses)
    course.refresh_from_db()
    missing = [p for p in people if not Enrolment.objects.filter(course=course, person=p).exists()]
    enrolled = Enrolment.objects.filter(course=course).order_by("id").first()
    if act in ("enrol", "register") and missing:
        enrolment = world.enrol(chance.choice(missing), course, minutes=300)
        if act == "register":
            world.register(enrolment, [(139701, 100), (139702, 200)])
    elif act == "remove" and enrolled:
        enrolled.delete()
        world.changed(course)
    elif act == "move":
        world.changed(course)
        course.end_month = 139700 + chance.randint(1, 12)
        course.save()
        world.changed(course)


def test_an_answer_is_kept_until_its_facts_are_others(year: SimpleNamespace) -> None:
    query = FigureQuery(year=1397, through_month=12, by=("partner",))
    first = figures(query).rows
    kept = warehouse._answer.cache_info().hits
    assert [row.values for row in figures(query).rows] == [row.values for row in first]
    assert warehouse._answer.cache_info().hits == kept + 1
    year.world.enrol(year.world.person(), year.three, minutes=60)
    [before, after] = (hours_of(year.guild.name, rows) for rows in (first, figures(query).rows))
    assert (before, after) == (106.5, 107.5)
    # What another may see is another question.
    with scoped_to(Scope(partners=frozenset({year.prisons.pk}))):
        assert [row.dims["partner"].name for row in figures(query).rows] == [year.prisons.name]

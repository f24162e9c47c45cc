"""Reads of courses that pages, and whoever else, ask by typed arguments."""

from types import SimpleNamespace
from typing import Any

import pytest

from figures.conftest import world, year
from tafahom.training.courses.queries import (
    course_record,
    course_years,
    courses,
    courses_by_month,
    courses_by_person,
    named,
    people_by_course,
)
from web.conftest import give_names

__all__ = ["world", "year"]


ONE, TWO, THREE, FOUR, BEFORE = (
    ("1/97", 139702),
    ("2/97", 139705),
    ("3/97", 139705),
    ("3/97", 139711),
    ("1/97", 139602),
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, {ONE, TWO, THREE, FOUR, BEFORE}),
        ({"text": "اتاق اصناف"}, {THREE, FOUR}),
        ({"text": "۳/۹۷"}, {THREE, FOUR}),
        ({"text": "زندانها ۲/۹۷"}, {TWO}),
        ({"text": "اصناف ۲/۹۷"}, set()),
        ({"year": 1397}, {ONE, TWO, THREE, FOUR}),
        ({"year": 1397, "month": 5}, {TWO, THREE}),
        ({"year": 1397, "month": 13}, {ONE, TWO, THREE, FOUR}),
        ({"month": 5}, {ONE, TWO, THREE, FOUR, BEFORE}),
        ({"cluster": "test-services"}, {TWO, THREE}),
        ({"cluster": "no such"}, set()),
    ],
)
def test_courses_are_found_by_what_is_told_of_them(
    year: SimpleNamespace, asked: dict[str, Any], expected: set[tuple[str, int]]
) -> None:
    assert {(found.agreement.number, found.end_month) for found in courses(**asked)} == expected


def test_courses_and_people_are_counted_beside_each_other(year: SimpleNamespace) -> None:
    both = [year.one.pk, year.two.pk]
    assert people_by_course(both) == {year.one.pk: 2, year.two.pk: 1}
    assert courses_by_person([year.sara.pk, 0]) == {year.sara.pk: 2}
    assert courses_by_month(year.one.centre.province)[139705] == 2
    assert course_years() == [1397, 1396]


def test_a_course_says_how_many_sessions_it_has(year: SimpleNamespace) -> None:
    record = course_record(year.one)
    assert (record.sessions, record.is_closed) == (year.one.sessions.count(), False)


def test_who_has_no_name_stands_last(year: SimpleNamespace) -> None:
    give_names([(year.sara, "سارا", "کریمی", "0012345679")])
    rows = named(year.one.enrolments.all())
    assert [identity and identity.last_name for _row, identity in rows] == ["کریمی", None]

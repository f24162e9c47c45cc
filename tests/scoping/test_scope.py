"""A scoped table is cut to who asks, and is not asked at all without anybody."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model, OneToOneField
from hypothesis import given
from hypothesis.strategies import booleans, builds, frozensets, integers, sampled_from

from figures.conftest import world, year
from tafahom.agreements.models import Agreement
from tafahom.parties.models import Centre, Partner
from tafahom.people.models import Person
from tafahom.scoping import (
    EVERYTHING,
    NOTHING,
    Scope,
    ScopedManager,
    UnscopedQueryError,
    current_scope,
    everything,
    no_scope,
    scoped_to,
)
from tafahom.training.models import Course, Enrolment

__all__ = ["world", "year"]

SCOPED = [model for model in apps.get_models() if isinstance(model._default_manager, ScopedManager)]
# Reached only through a row that was found in the scope, or cut by a function of their own.
REACHED_THROUGH_THEIR_OWNER = {
    "AgreementTemplate",
    "Change",
    "Clause",
    "RosterAnswer",
    "Erasure",
    "Note",
    "RecentReading",
    "TextVersion",
}


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_nothing_is_asked_without_a_scope(model: type[Model], db: None) -> None:
    with no_scope():
        with pytest.raises(UnscopedQueryError):
            model._default_manager.all()
        with pytest.raises(UnscopedQueryError):
            model._default_manager.filter(pk=1)
        assert not model._default_manager.none().exists()


@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_who_may_see_nothing_finds_nothing(model: type[Model], year: SimpleNamespace) -> None:
    with scoped_to(NOTHING):
        assert not model._default_manager.exists()


def test_a_model_that_hangs_on_a_scoped_one_is_scoped() -> None:
    """Whoever adds a model says where its rows lie, or why that is not needed."""
    forgotten = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.startswith("tafahom.") and model not in SCOPED
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey | OneToOneField) and field.related_model in SCOPED
    }
    assert forgotten - {"Membership", "AccountRequest"} <= REACHED_THROUGH_THEIR_OWNER


@pytest.mark.parametrize("part", ["provinces", "centres", "partners", "agreements", "courses"])
def test_each_part_holds_its_rows_and_no_others(year: SimpleNamespace, part: str) -> None:
    """Against a plain walk over the rows."""
    place = {
        "provinces": lambda course: course.centre.province_id,
        "centres": lambda course: course.centre_id,
        "partners": lambda course: course.agreement.partner_id,
        "agreements": lambda course: course.agreement.uid,
        "courses": lambda course: course.uid,
    }[part]
    year.world.course(year.trade, (1397, 6, 1), centre=year.world.centre("مرکز دور"))
    courses = list(Course.objects.select_related("agreement", "centre"))
    for wanted in {place(course) for course in courses}:
        mine = {course.pk for course in courses if place(course) == wanted}
        with scoped_to(Scope(**{part: frozenset({wanted})})):
            assert set(Course.objects.values_list("pk", flat=True)) == mine
            enrolled = Enrolment._base_manager.filter(course__in=mine)
            assert set(Enrolment.objects.all()) == set(enrolled)
            assert sorted(Person.objects.values_list("pk", flat=True)) == sorted(
                set(enrolled.values_list("person_id", flat=True))
            )


def test_scopes_widen_each_other(year: SimpleNamespace) -> None:
    trade, prisons = Scope(partners=frozenset({year.trade.partner_id})), None
    prisons = Scope(partners=frozenset({year.prisons.pk}))
    both = trade | prisons
    assert both.covers(trade)
    assert not trade.covers(both)
    assert (both | EVERYTHING).is_everything
    with scoped_to(both):
        assert Partner.objects.count() == 2
    with scoped_to(trade):
        assert {row.partner_id for row in Agreement.objects.all()} == {year.trade.partner_id}


def test_a_scope_ends_where_it_was_entered(year: SimpleNamespace) -> None:
    with scoped_to(NOTHING), scoped_to(EVERYTHING):
        assert Centre.objects.exists()
    with scoped_to(EVERYTHING):
        with scoped_to(NOTHING):
            assert not Centre.objects.exists()
        assert Centre.objects.exists()


def test_only_work_for_the_whole_installation_sees_statuses() -> None:
    assert not Scope().sees_statuses
    assert not EVERYTHING.sees_statuses
    with scoped_to(EVERYTHING), everything("a test"):
        assert current_scope().is_everything
        assert current_scope().sees_statuses


SCOPES = builds(
    Scope,
    is_everything=booleans(),
    sees_statuses=booleans(),
    provinces=frozensets(integers(1, 4)),
    agreements=frozensets(sampled_from("abc")),
)


@given(SCOPES, SCOPES)
def test_together_scopes_see_statuses_only_if_each_does(one: Scope, other: Scope) -> None:
    both = one | other
    assert both.sees_statuses == (one.sees_statuses and other.sees_statuses)
    assert both == other | one
    assert both.covers(one)
    assert both.is_everything == (one.is_everything or other.is_everything)


@given(SCOPES)
def test_seeing_statuses_moves_no_row(scope: Scope) -> None:
    """The database is told of rows only, and places are compared without it."""
    otherwise = replace(scope, sees_statuses=not scope.sees_statuses)
    assert otherwise != scope
    assert otherwise.as_text == scope.as_text
    assert otherwise.covers(scope)
    assert scope.covers(otherwise)
    assert otherwise.is_nothing == scope.is_nothing

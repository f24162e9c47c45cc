"""Who asks a page may learn statuses in what it shows, or is guarded: the scope knows."""

import itertools
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tafahom.access.models import Membership, User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act, Part, Role, parts_of
from tafahom.gate.permissions import holds, requires, seen_by
from tafahom.parties.models import Province
from tafahom.reports.definitions.overview import FigureCache
from tafahom.scoping import current_scope, no_scope, scoped_to

SEE_STATUSES = {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.AUDITOR}


@pytest.fixture
def user(year: SimpleNamespace) -> User:
    return User.objects.create_user("somebody")


def request_of(user: User) -> HttpRequest:
    request = RequestFactory().get("/")
    request.user = user
    return request


def is_seen(user: User, act: Act) -> bool:
    """Whether statuses are seen in a page that needs this act."""

    @requires(act)
    def view(_request: HttpRequest) -> HttpResponse:
        return HttpResponse(str(current_scope().sees_statuses))

    with no_scope():
        return view(request_of(user)).content == b"True"


@pytest.mark.parametrize("role", Role)
def test_a_role_sees_statuses_or_is_guarded(role: Role, user: User, year: SimpleNamespace) -> None:
    if Part.PROVINCE in parts_of(role):
        where = {"province": year.world.province}
    elif role == Role.INSTRUCTOR:
        where = {"centre": year.world.centre("مرکز")}
    elif role == Role.PARTNER_LIAISON:
        where = {"partner": year.prisons}
    else:
        where = {}
    Membership.objects.create(user=user, role=role, **where)
    for act in (Act.SEE_FIGURES, Act.SEE_REGISTERS, Act.WRITE_PRESS_RELEASE):
        if holds(request_of(user), act):
            assert is_seen(user, act) == (role in SEE_STATUSES), act


@pytest.mark.parametrize(
    ("roles", "seen"),
    [
        ({"here": Role.DIRECTOR, "there": Role.DIRECTOR}, True),
        ({"here": Role.DIRECTOR, "there": Role.PLANNER}, False),
        ({"here": Role.DIRECTOR, "": Role.HEADQUARTERS}, False),
        ({"": Role.DIRECTOR, "there": Role.PLANNER}, True),
    ],
)
def test_who_sees_statuses_in_a_part_is_guarded_in_all(
    roles: dict[str, Role], seen: bool, user: User, year: SimpleNamespace
) -> None:
    """What is seen of one part, taken from the whole, would tell of the other."""
    there = Province.objects.create(code="there", name="آنجا", key="آنجا", sort_key="آنجا")
    provinces = {"": None, "here": year.world.province, "there": there}
    for name, role in roles.items():
        Membership.objects.create(user=user, role=role, province=provinces[name])
    assert is_seen(user, Act.SEE_FIGURES) is seen


def test_a_part_beside_counts_for_what_it_opens(user: User, year: SimpleNamespace) -> None:
    Membership.objects.create(user=user, role=Role.DIRECTOR, province=year.world.province)
    centre = year.world.centre("مرکز")
    Membership.objects.create(user=user, role=Role.CENTRE_CLERK, centre=centre)
    assert is_seen(user, Act.SEE_FIGURES)
    assert not is_seen(user, Act.SEE_REGISTERS)


def test_work_for_a_person_is_as_guarded_as_the_person(user: User, year: SimpleNamespace) -> None:
    for role, place in itertools.product((Role.PLANNER, Role.AUDITOR), (year.world.province, None)):
        held = Membership.objects.create(user=user, role=role, province=place)
        with scoped_to(scope_of(user, Act.SEE_REGISTERS)) as scope:
            assert scope.sees_statuses == (role in SEE_STATUSES)
        held.delete()


def test_who_may_do_nothing_sees_no_status(user: User) -> None:
    assert not scope_of(user, Act.SEE_FIGURES).sees_statuses
    assert not scope_of(None, Act.SEE_FIGURES).sees_statuses


def test_what_is_kept_for_who_sees_statuses_is_not_shown_to_others(
    user: User, year: SimpleNamespace
) -> None:
    director = User.objects.create_user("director")
    for one, role in ((director, Role.DIRECTOR), (user, Role.HEADQUARTERS)):
        Membership.objects.create(user=one, role=role, province=year.world.province)
    made = iter(("exact", "guarded"))
    for one, expected in ((director, "exact"), (user, "guarded"), (director, "exact")):
        with seen_by(request_of(one), Act.SEE_FIGURES):
            assert FigureCache().get("test", lambda: next(made)) == expected

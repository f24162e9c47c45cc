"""Every address × method × role × part of the installation, against the matrix."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from attacks.walking import routes
from scoping.service import as_service, make_service_role, postgresql_only
from tafahom.access.models import FIELDS, Membership, User
from tafahom.access.rules import LEAST, PERMISSIONS, Act, Part, Role, is_fitting
from web.directorate import Directorate, Place, Value, build
from web.matrix import EVERYONE, LOGGED_IN, MATRIX, Demand, Row

# Some routes stand outside our namespace, under the names that a library looks for.
NAMES = {name: full for full, name, _parameters in routes()}
OTHER_METHODS = ("put", "patch", "delete", "trace")


@dataclass(frozen=True)
class Case:
    """One address, by one method, and what stands in the matrix about it."""

    name: str
    method: str
    demand: Demand
    row: Row
    variant: str
    address: str
    place: Place | None


def rows() -> Iterator[tuple[str, Row]]:
    for name, found in MATRIX.items():
        for row in found if isinstance(found, tuple) else (found,):
            yield name, row


def cases(directorate: Directorate, *, others: bool) -> Iterator[Case]:
    """Every row by its methods, for what is one's own and, if asked for, for its likes."""
    for name, row in rows():
        records = directorate.records.get(row.of, {"own": None})
        for variant, record in records.items():
            if variant != "own" and not others:
                continue
            arguments = row.args(record) if row.of or row.args.__name__ != "_uid" else ()
            address = reverse(NAMES[name], args=arguments)
            place = directorate.places[row.of][variant] if row.of else None
            for method in ("get", "post"):
                demand = getattr(row, method)
                yield Case(name, method, demand, row, variant, address, place)


def may(role: Role, act: Act, part: Part | None) -> bool:
    """As ``access.rules`` says in words: the role has the act, and not for too small a part."""
    return role in PERMISSIONS[act] and (part is None or part in LEAST.get(act, frozenset(Part)))


def is_found(case: Case, role: Role, part: Part | None, value: Value | None) -> bool:
    """Whether somebody in a role for a part finds what the address names."""
    assert isinstance(case.demand, Act)
    if not may(role, case.demand, part) or case.row.nobody:
        return False
    if case.row.also and not any(may(role, act, part) for act in case.row.also):
        return False
    return case.place is None or case.place.is_in(part, value)


def answer(client: Client, case: Case) -> int:
    """Return the status; what the request wrote is taken back."""
    with transaction.atomic():
        status = getattr(client, case.method)(case.address, dict(case.row.data)).status_code
        transaction.set_rollback(True)
    return status


def wrong(case: Case, status: int, *, found: bool) -> bool:
    if case.demand is None:
        return status != 405
    if not found:
        return status != 404
    return status in (403, 404, 405) or status >= 500


def test_every_route_has_a_row() -> None:
    assert set(MATRIX) == set(NAMES)


@pytest.fixture
def directorate(db: None, settings: Settings) -> Directorate:
    settings.PROVINCE_CODE = "test"
    return build()


@pytest.mark.once
@pytest.mark.parametrize("role", Role)
def test_who_serves_a_part_finds_that_part(directorate: Directorate, role: Role) -> None:
    mistakes = [
        mistake
        for part in (None, *Part)
        if is_fitting(role, part)
        for mistake in mistakes_towards(role, part, directorate)
    ]
    assert not mistakes, "\n".join(map(str, mistakes))


@postgresql_only
@pytest.mark.parametrize(
    ("role", "part"),
    [
        (Role.CENTRE_CLERK, Part.CENTRE),
        (Role.AGREEMENTS_OFFICER, Part.PARTNER),
        (Role.DIRECTOR, Part.PROVINCE),
    ],
)
def test_behind_the_wall_the_same_is_found(
    directorate: Directorate, role: Role, part: Part
) -> None:
    make_service_role()
    with as_service():
        mistakes = list(mistakes_towards(role, part, directorate))
    assert not mistakes, "\n".join(map(str, mistakes))


def mistakes_towards(
    role: Role, part: Part | None, directorate: Directorate
) -> Iterator[tuple[object, ...]]:
    """Walk all addresses as somebody in a role for a part; give the answers that are wrong."""
    value = directorate.own[part] if part else None
    user = User.objects.create(username=f"visitor-{part}")
    named = Membership._meta.get_field(FIELDS[part]).attname if part else ""
    confined = {named: value} if part else {}
    Membership.objects.create(user=user, role=role, **confined)
    client = Client(raise_request_exception=False)
    client.force_login(user)
    for case in cases(directorate, others=True):
        if case.demand in (EVERYONE, LOGGED_IN):
            continue
        opens = isinstance(case.demand, Act) and may(role, case.demand, part)
        if case.variant != "own" and not opens:
            continue  # that such a role finds nothing is seen at one record of each kind
        found = opens and is_found(case, role, part, value)
        if wrong(case, status := answer(client, case), found=found):
            yield part, case.name, case.method, case.row.of, case.variant, status, found


def test_a_stranger_is_led_to_the_log_in(directorate: Directorate) -> None:
    client = Client(raise_request_exception=False)
    for case in cases(directorate, others=False):
        status = answer(client, case)
        expected = {None: {405}, EVERYONE: {200, 204, 302, 422}}.get(case.demand, {302})  # type: ignore[call-overload]
        if case.row.nobody and case.demand == EVERYONE:
            expected = {404}  # open to who knows more than the address of the test
        assert status in expected, (case, status)
        if isinstance(case.demand, Act):
            assert "/login/" in getattr(client, case.method)(case.address).headers["Location"]


def test_an_account_without_a_role_finds_nothing(directorate: Directorate) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.create(username="nobody"))
    for case in cases(directorate, others=False):
        if isinstance(case.demand, Act):
            assert answer(client, case) == 404, case


def test_other_methods_are_answered_nowhere(directorate: Directorate) -> None:
    client = Client(raise_request_exception=False)
    user = User.objects.create(username="officer")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER)
    client.force_login(user)
    for case in cases(directorate, others=False):
        for method in OTHER_METHODS if isinstance(case.demand, Act) else ():
            status = getattr(client, method)(case.address).status_code
            assert status in (404, 405), (case.name, method, status)

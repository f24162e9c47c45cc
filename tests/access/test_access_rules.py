"""Who may do what, told without a database; the whole table is walked by the matrix of pages."""

import pytest

from tafahom.access import rules
from tafahom.access.accounts.rules import why_over
from tafahom.access.rules import (
    ANYWHERE,
    CONFINED,
    LEAST,
    PERMISSIONS,
    Act,
    Part,
    Role,
    is_fitting,
    may,
    parts_of,
    permit,
)


@pytest.fixture
def _own_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts that a test permits are gone after it."""
    monkeypatch.setattr(rules, "PERMISSIONS", dict(rules.PERMISSIONS))
    monkeypatch.setattr(rules, "LEAST", dict(rules.LEAST))


def test_every_act_is_given_by_somebody_and_every_role_serves_somewhere() -> None:
    assert set(Act) <= set(PERMISSIONS)
    assert all(PERMISSIONS.values())
    assert set(CONFINED) | set(ANYWHERE) == set(Role)
    assert not set(CONFINED) & set(ANYWHERE)
    assert set(LEAST) <= set(PERMISSIONS)


@pytest.mark.parametrize(
    ("role", "act", "part", "allowed"),
    [
        (Role.AUDITOR, Act.SEE_AUDIT, None, True),
        (Role.AUDITOR, Act.SEE_AUDIT, Part.PROVINCE, False),
        (Role.DIRECTOR, Act.CLOSE_PERIODS, Part.PROVINCE, True),
        (Role.DIRECTOR, Act.CLOSE_PERIODS, Part.CENTRE, False),
        (Role.AGREEMENTS_OFFICER, Act.CLOSE_PERIODS, None, False),
        (Role.CENTRE_CLERK, Act.IMPORT_ROSTERS, Part.CENTRE, True),
        (Role.PUBLIC_RELATIONS, Act.SEE_REGISTERS, None, False),
    ],
)
def test_a_role_gives_an_act_for_the_part_it_is_held_for(
    role: Role, act: Act, part: Part | None, allowed: bool
) -> None:
    assert may(role, act, part) is allowed


def test_held_for_the_whole_is_what_is_meant_where_no_part_is_told() -> None:
    assert may(Role.ADMINISTRATOR, Act.MANAGE_ACCOUNTS)


@pytest.mark.parametrize(
    ("role", "part", "fits"),
    [
        (Role.DIRECTOR, None, True),
        (Role.DIRECTOR, Part.PROVINCE, True),
        (Role.DIRECTOR, Part.CENTRE, False),
        (Role.INSTRUCTOR, None, False),
        (Role.INSTRUCTOR, Part.COURSE, True),
        (Role.INSTRUCTOR, Part.PROVINCE, False),
        (Role.ADMINISTRATOR, Part.PROVINCE, False),
    ],
)
def test_a_role_is_given_for_what_it_serves(role: Role, part: Part | None, fits: bool) -> None:
    assert is_fitting(role, part) is fits


def test_who_serves_one_part_and_who_serves_all() -> None:
    assert parts_of(Role.PARTNER_LIAISON) == {Part.PARTNER, Part.AGREEMENT}
    assert parts_of(Role.PLANNER) == {Part.PROVINCE}


@pytest.mark.usefixtures("_own_tables")
def test_a_later_kind_of_record_brings_its_acts() -> None:
    permit("fly", Role.PLANNER, Role.DIRECTOR, least=[Part.PROVINCE])
    assert may(Role.PLANNER, "fly", Part.PROVINCE)
    assert may(Role.DIRECTOR, "fly", Part.PROVINCE)
    assert not may(Role.PLANNER, "fly", Part.CENTRE)
    with pytest.raises(ValueError, match=r"^fly is permitted already$"):
        permit("fly", Role.AUDITOR)
    assert not may(Role.AUDITOR, "fly")


@pytest.mark.usefixtures("_own_tables")
def test_an_act_without_least_parts_is_given_by_any_and_with_none_by_the_whole() -> None:
    permit("fly", Role.PLANNER)
    permit("swim", Role.PLANNER, least=[])
    assert may(Role.PLANNER, "fly", Part.CENTRE)
    assert not may(Role.PLANNER, "swim", Part.PROVINCE)
    assert may(Role.PLANNER, "swim")


@pytest.mark.parametrize(
    ("begun", "seen", "why"),
    [
        (0, 1000, ""),
        (1, 941, ""),
        (1, 940, "idle"),
        (-2600, 1000, "long"),
        (-2599, 1000, ""),
        (-2600, 940, "long"),
    ],
)
def test_a_visit_is_over_the_moment_a_limit_is_reached(begun: int, seen: int, why: str) -> None:
    over = why_over(begun=begun, seen=seen, now=1000, idle_seconds=60, longest_seconds=3600)
    assert over == why

"""The attacker takes answers where they leave the program: from the command, and from files of promises."""

import csv
import io
import json
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from figures.conftest import world
from figures.disclosure.asker import Reckoner
from figures.disclosure.groups import groups_of, revealing_rows
from figures.disclosure.office import Heard, office_of, revealing_in, seen_by, truth
from figures.disclosure.targets import Asked
from figures.world import World
from tafahom.access.rules import Role
from tafahom.agreements.models import CommittedMeasure
from tafahom.agreements.parts.rules import Place
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.parties.models import Audience
from web.conftest import sign_in
from web.test_slices import divide

__all__ = ["sign_in", "world"]

FAMILY = (
    (), ("partner",), ("agreement",), ("level",), ("partner_kind",), ("centre",), ("centre_type",),
    ("partner", "county"),
)  # fmt: skip
HIDDEN = "محرمانه"


@pytest.fixture
def office(world: World) -> SimpleNamespace:
    return office_of(world)


def report(form: str, month: int, by: tuple[str, ...], *options: str) -> str:
    out = io.StringIO()
    split = [part for name in by for part in ("--by", name)]
    period = ("--year", "1397", "--through", str(month), "--format", form)
    call_command("report", *period, *split, *options, stdout=out)
    return out.getvalue()


def role_of(office: SimpleNamespace, role: Role) -> tuple[str, ...]:
    part = {
        Role.HEADQUARTERS: (),
        Role.PARTNER_LIAISON: ("--partner", office.partners["prison"].name),
    }.get(role, ("--province", office.world.province.name))
    return ("--role", role, *part)


def learnt(office: SimpleNamespace, answers: dict[Asked, int | None]) -> list[Any]:
    rows = truth()
    revealing = revealing_in(office, rows)
    groups = groups_of(rows, revealing_rows(rows, revealing), is_closed=False)
    asker = Reckoner(rows, answers, is_closed=False, own=revealing.centres)
    return [*asker.learn(groups), *asker.by_differences(groups)]


def test_the_command_tells_nothing_by_any_role(office: SimpleNamespace) -> None:
    """The planner asks everything, the others what is finest; without a role all is told."""
    heard, exact = Heard(), Heard()
    for month, by in product((1, 2, 3), FAMILY):
        options = role_of(office, Role.PLANNER)
        heard.read(json.loads(report("json", month, by, *options)), {})
        exact.read(json.loads(report("json", month, by)), {})
    for role in (Role.HEADQUARTERS, Role.PUBLIC_RELATIONS, Role.PARTNER_LIAISON):
        confined = {"partner": "prison"} if role is Role.PARTNER_LIAISON else {}
        for by in (("partner", "county"), ("agreement",)):
            document = json.loads(report("json", 2, by, *role_of(office, role)))
            heard.read(document, confined)
    assert learnt(office, heard.of_year[1397]) == []
    assert learnt(office, exact.of_year[1397])


def test_a_table_of_the_command_hides_what_its_document_hides(office: SimpleNamespace) -> None:
    by = ("partner", "county")
    options = role_of(office, Role.PUBLIC_RELATIONS)
    document = json.loads(report("json", 2, by, *options))
    rows = list(csv.reader(io.StringIO(report("csv", 2, by, *options).lstrip("\ufeff"))))
    named = {
        tuple(row[name]["name"] for name in by): row.get("hidden", False)
        for row in document["rows"]
    }
    in_table = {
        tuple(row[: len(by)]): row[len(by)].startswith(HIDDEN)
        for row in rows
        if tuple(row[: len(by)]) in named
    }
    assert in_table == named
    assert True in named.values()


@pytest.mark.parametrize("role", [Role.PLANNER, Role.HEADQUARTERS])
def test_the_file_of_a_divided_promise_tells_no_part(
    office: SimpleNamespace, sign_in: Callable[..., Client], role: Role
) -> None:
    """By audience and county, by county, by quarter: of a year that only its whole may be asked of."""
    prison = office.agreements["prison"]
    audience, county = Audience.objects.first(), office.counties[0]
    persons = CommittedMeasure.PERSONS
    divide(prison, ("county",), {Place(county=county.pk): 50}, measure=persons)
    both = {Place(audience=audience.pk, county=county.pk): 50}
    divide(prison, ("audience", "county"), both, measure=persons, month=2)
    parts = [row for row in promises(sign_in(role), prison.uid) if row[2] != "همه"]
    assert len(parts) >= 2
    assert all(row[5].startswith(HIDDEN) for row in parts)
    with seen_by(role, office):
        total = figures(FigureQuery(1397, 3, where=(("agreement", prison.number),))).total
    whole = [row for row in promises(sign_in(role), prison.uid) if row not in parts]
    assert {row[5] for row in whole} == {str(total.values["persons"])}


def promises(client: Client, uid: str) -> list[list[str]]:
    """Return the rows of persons in an agreement's file of promises."""
    response = client.get(reverse("web:commitments_file", args=[uid, "csv"]))
    assert response.status_code == 200
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    return [row for row in rows if len(row) == 7 and row[1] == "نفر"]

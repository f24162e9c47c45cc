"""The league of partners and the counties, by figures that can be done by hand."""

import csv
import html
import io
import re
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from tafahom.access.rules import Role
from tafahom.jalali import MonthSpan
from tafahom.parties.actions import load_reference_data
from tafahom.reports.definitions.league import league

LEAGUE = "web:partners_league"


@pytest.fixture
def rivals(year: SimpleNamespace) -> SimpleNamespace:
    """Through Bahman 1397 of 100 hours the prisons have 40.5, of 50 the guild 106.5.

    The bank promised nothing and trained one person; the post promised persons alone.
    """
    world = year.world
    year.bank, year.post = world.partner("بانک", kind="صنفی"), world.partner("پست")
    world.enrol(year.sara, world.course(world.agreement("4/97", year.bank), (1397, 6, 1)))
    world.agreement("5/97", year.post, persons_1397=4)
    return year


def test_ranks_are_by_realisation(rivals: SimpleNamespace) -> None:
    found = league(MonthSpan(1397, 1, 11))
    shown = [(one.rank, one.name, one.standing.realisation, one.growth) for one in found.rivals]
    assert shown == [
        (1, "اتاق اصناف ایران", 213.0, None),
        (2, "سازمان زندان‌ها", 40.5, 305.0),
        (3, "پست", 0.0, None),
        (None, "بانک", None, None),
    ]
    assert found.unranked == 1
    post, bank = found.rivals[2], found.rivals[3]
    assert post.standing.is_in_persons
    assert (bank.standing.persons, bank.person_courses, bank.standing.hours) == (1, 1, 10)
    # Sara was with two partners: persons of the rows do not add up to those of the total.
    assert sum(one.standing.persons for one in found.rivals) > found.total.values["persons"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("-hours", "اتاق اصناف ایران"), ("hours", "پست"), ("partner", "اتاق اصناف ایران"),
     ("-growth", "سازمان زندان‌ها"), ("promised", "اتاق اصناف ایران"), ("-rank", "پست"),
     ("x", "اتاق اصناف ایران"), ("--rank", "اتاق اصناف ایران")],
)  # fmt: skip
def test_the_league_is_sorted(rivals, officer: Client, sort: str, first: str) -> None:
    response = officer.get(reverse(LEAGUE), {"sort": sort})
    assert response.context["listing"].rows[0].name == first
    # What has none of it stands last either way.
    if sort.lstrip("-") in ("rank", "x"):
        assert response.context["listing"].rows[-1].name == "بانک"


def test_equal_ones_share_a_rank(rivals: SimpleNamespace) -> None:
    world = rivals.world
    for name in ("الف", "ب"):
        world.agreement(f"{name}/97", world.partner(name), person_hours_1397=10)
    ranks = [one.rank for one in league(MonthSpan(1397, 1, 11)).rivals]
    assert ranks == [1, 2, 3, 3, 3, None]


def test_the_page_says_what_is_not_there(rivals, officer: Client, sign_in) -> None:
    page = officer.get(reverse(LEAGUE)).content.decode()
    assert "بی‌رتبه" in page
    guilds = officer.get(reverse(LEAGUE), {"kind": "test-guild", "year": "1397", "through": "2"})
    assert [one.name for one in guilds.context["league"].rivals] == ["اتاق اصناف ایران"]
    assert officer.get(reverse(LEAGUE), {"kind": "nothing"}).status_code == 404
    assert officer.get(reverse(LEAGUE), {"year": "9999", "through": "x"}).status_code == 200
    press = sign_in(Role.PUBLIC_RELATIONS).get(reverse(LEAGUE)).content.decode()
    assert "/partners/" not in press.replace(reverse(LEAGUE), "")


def test_the_league_as_a_file(rivals, officer: Client) -> None:
    address = reverse("web:partners_league_file", args=["csv"])
    response = officer.get(address, {"sort": "-hours"})
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert len(header) == 12
    assert rows[0][:3] == ["اتاق اصناف ایران", "صنفی", "1"]
    assert [row[2] for row in rows] == ["1", "2", "", "3", ""]
    assert rows[-1][0] == "جمع"
    assert officer.get(reverse("web:partners_league_file", args=["xlsx"])).content[:2] == b"PK"
    assert officer.get(reverse("web:partners_league_file", args=["doc"])).status_code == 404


def test_a_liaison_is_compared_with_nobody(rivals, sign_in) -> None:
    page = sign_in(Role.PARTNER_LIAISON).get(reverse(LEAGUE))
    assert "رتبه میان دستگاه‌هایی است" in page.content.decode()
    found = page.context["league"]
    assert [one.name for one in found.rivals] == ["سازمان زندان‌ها"]
    assert found.total.values["person_hours"] == 20.5


def test_counties_are_tiles_and_a_table(rivals, officer: Client, settings: Settings) -> None:
    settings.PROVINCE_CODE = "test"
    page = officer.get(reverse("web:counties"))
    [tile] = page.context["map"].tiles
    assert (tile.name, tile.persons, tile.agreements, tile.shade) == ("نظرآباد", 4, 4, 4)
    assert page.context["map"].elsewhere == 0
    [link] = re.findall(r'href="(/reports/[^"]+county=[^"]+)"', page.content.decode())
    report = officer.get(html.unescape(link))
    assert report.context["table"].total[1:2] == [4]  # leads to the same persons
    assert len(report.context["rows"]) == 4
    assert not page.context["map"].are_placed
    settings.PROVINCE_CODE = "alborz"
    load_reference_data()
    other = officer.get(reverse("web:counties"))
    places = {tile.name: (tile.place, tile.shade) for tile in other.context["map"].tiles}
    assert places["کرج"] == ("tile-c4 tile-r2", 0)
    assert len(set(places.values())) == len(places) == 7
    assert other.context["map"].elsewhere == 4
    assert "۴ نفر در جایی آموزش دیدند" in other.content.decode()


def test_an_empty_installation_says_what_to_do(officer: Client) -> None:
    for name in (LEAGUE, "web:counties"):
        assert officer.get(reverse(name)).status_code == 200
    assert officer.get(reverse("web:partners_league_file", args=["csv"])).status_code == 404


def test_many_partners_cost_no_more_questions(rivals, officer: Client) -> None:
    def ask() -> int:
        for name in (LEAGUE, "web:counties"):
            officer.get(reverse(name))
        with CaptureQueriesContext(connection) as asked:
            for name in (LEAGUE, "web:counties"):
                officer.get(reverse(name))
        return len(asked)

    few = ask()
    for number in range(60):
        partner = rivals.world.partner(f"دستگاه {number}")
        rivals.world.agreement(f"{number}/99", partner, person_hours_1397=number + 1)
    assert ask() == few <= 28

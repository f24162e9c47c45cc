"""The list of agreements: what is kept, the order, the files, and how it stands with many."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.jalali import from_jalali

LIST = "web:agreements"


@pytest.fixture
def three(year: SimpleNamespace) -> SimpleNamespace:
    """1/97: 21 of 100 hours (and 2 of 10 persons). 2/97: 1 of 6 persons. 3/97: 107 of 50 hours."""
    terms = ((year.national, "in_force", 1420), (year.child, "suspended", 1421))
    for agreement, state, until in (*terms, (year.trade, "in_force", 1398)):
        ends = from_jalali(until, 12, 29)
        Agreement.objects.filter(pk=agreement.pk).update(state=state, ends_on=ends)
    return year


def listed(client: Client, **asked: str) -> list[str]:
    response = client.get(reverse(LIST), asked)
    assert response.status_code == 200
    return [agreement.number for agreement, _standing in response.context["rows"]]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"state": "in_force"}, ["1/97"]),
        ({"state": "ended"}, ["3/97"]),  # its term is over, and the list says so
        ({"state": "suspended"}, ["2/97"]),
        ({"level": "national"}, ["1/97"]),
        ({"kind": "test-guild"}, ["3/97"]),
        ({"ends_from": "۱۴۲۰/۱۲/۲۹"}, ["1/97", "2/97"]),
        ({"ends_from": "1420/12/30"}, ["2/97"]),
        ({"ends_to": "1420-12-29"}, ["1/97", "3/97"]),
        ({"ends_from": "1399/1/1", "ends_to": "1420/12/29"}, ["1/97"]),
        ({"realised": "0-25"}, ["1/97", "2/97"]),
        ({"realised": "100"}, ["3/97"]),
        ({"realised": "none"}, []),
        ({"q": "زندانها", "state": "in_force"}, ["1/97"]),
        ({"state": "x", "kind": "y", "realised": "z", "ends_to": "1399/13/1"},
         ["1/97", "2/97", "3/97"]),
    ],
)  # fmt: skip
def test_what_is_kept(three: SimpleNamespace, officer: Client, asked, found: list[str]) -> None:
    assert listed(officer, **asked) == found


def test_a_day_that_makes_no_sense_is_said(three: SimpleNamespace, officer: Client) -> None:
    page = officer.get(reverse(LIST), {"ends_to": "1399/13/1"}).content.decode()
    assert "روز را مانند" in page


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("-number", ["3/97", "2/97", "1/97"]),
        ("ends", ["3/97", "1/97", "2/97"]),
        ("-ends", ["2/97", "1/97", "3/97"]),
        ("state", ["3/97", "1/97", "2/97"]),
        ("realised", ["2/97", "1/97", "3/97"]),  # 16.7, 20.5 and 213 percent
        ("-realised", ["3/97", "1/97", "2/97"]),
    ],
)
def test_the_order(three: SimpleNamespace, officer: Client, sort: str, found: list[str]) -> None:
    assert listed(officer, sort=sort) == found


def test_what_promised_nothing_stands_last_either_way(three, officer: Client) -> None:
    three.national.commitments.all().delete()
    assert listed(officer, sort="realised") == ["2/97", "3/97", "1/97"]
    assert listed(officer, sort="-realised") == ["3/97", "2/97", "1/97"]
    assert listed(officer, realised="none") == ["1/97"]


def test_who_may_see_no_figures_sees_none(three: SimpleNamespace, sign_in) -> None:
    clerk = sign_in(Role.CENTRE_CLERK)
    response = clerk.get(reverse(LIST), {"sort": "-realised", "realised": "100"})
    assert len(response.context["rows"]) == 3
    assert "تحقق" not in response.content.decode()
    file = clerk.get(reverse("web:agreements_file", args=["csv"])).content.decode()
    assert "تحقق" not in file


def test_the_list_as_a_file_is_the_list_of_the_address(three, officer: Client) -> None:
    three.guild.name = '=HYPERLINK("http://x")'
    three.guild.save()
    address = reverse("web:agreements_file", args=["csv"])
    response = officer.get(address, {"sort": "-realised", "level": "provincial"})
    assert response["Content-Disposition"] == 'attachment; filename="tafahom-agreements.csv"'
    header, *rows = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header[0] == "شماره"
    assert [row[0] for row in rows] == ["۳/۹۷", "۲/۹۷", "جمع"]
    assert [row[4] for row in rows] == ["پایان مدت", "معلق", ""]
    assert rows[0][1] == '\'=HYPERLINK("http://x")'
    assert rows[0][-4:] == ["50", "106.5", "", "213.0"]
    assert rows[1][-6:-4] == ["6", "1"]
    book = officer.get(reverse("web:agreements_file", args=["xlsx"]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book.content)).get_sheet_by_index(0)
    texts = [str(cell) for row in rows.to_python() for cell in row]
    assert '=HYPERLINK("http://x")' in texts  # a text: writing it as one, Excel runs nothing
    assert "213.0" in texts
    assert officer.get(reverse("web:agreements_file", args=["exe"])).status_code == 404


def test_many_agreements_cost_no_more_questions(
    three: SimpleNamespace, officer: Client, django_assert_num_queries
) -> None:
    def ask() -> None:
        for asked in ({}, {"sort": "-realised"}, {"realised": "0-25", "state": "in_force"}):
            officer.get(reverse(LIST), asked)
        officer.get(reverse("web:agreements_file", args=["csv"]))

    ask()
    with CaptureQueriesContext(connection) as few:
        ask()
    for number in range(60):
        three.world.agreement(f"{number}/99", three.guild, person_hours_1397=number + 1)
    with django_assert_num_queries(len(few)):
        ask()
    assert len(few) <= 62


def test_numbers_stand_as_people_count(three: SimpleNamespace, officer: Client) -> None:
    for number in ("10/97", "9/97", "ب/2/97"):
        three.world.agreement(number, three.guild)
    ordered = ["1/97", "2/97", "3/97", "9/97", "10/97", "ب/2/97"]
    assert listed(officer) == ordered
    assert listed(officer, sort="-number") == ordered[::-1]

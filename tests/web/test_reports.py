"""The report builder."""

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role

YEAR = {"year": "1397", "from": "1", "through": "12"}


def total(response, code: str):
    table = response.context["table"]
    return table.total[[column.code for column in table.columns].index(code)]


def test_it_opens_with_partners_of_the_latest_period(officer: Client, year) -> None:
    response = officer.get(reverse("web:report"))
    assert response.context["query"].by == ("partner",)
    assert response.context["query"].through_month == 11
    assert len(response.context["rows"]) == 2
    assert total(response, "persons") == 4


def test_the_address_is_the_report(officer: Client, year) -> None:
    asked = {**YEAR, "by": ["month", "cluster"], "m": ["courses", "passed"], "compare": "on"}
    response = officer.get(reverse("web:report"), asked)
    codes = [column.code for column in response.context["columns"]]
    assert codes[:2] == ["month", "cluster"]
    assert "courses_growth" in codes
    assert total(response, "passed") == 1


def test_filters_narrow_the_figures(officer: Client, year) -> None:
    response = officer.get(reverse("web:report"), {**YEAR, "partner": year.guild.uid})
    assert total(response, "persons") == 3


def test_empty_choices_of_a_form_without_javascript_mean_nothing(officer: Client, year) -> None:
    asked = {**YEAR, "by": ["partner", ""], "cluster": "", "gender": "", "m": ["persons"]}
    response = officer.get(reverse("web:report"), asked)
    assert response.context["query"].where == ()
    assert total(response, "persons") == 4


@pytest.mark.parametrize(
    "wrong",
    [{"year": "soon"}, {"from": "9", "through": "3"}, {"by": "shoe_size"}, {"cluster": "moon"}],
)
def test_what_makes_no_sense_is_said_on_top(officer: Client, year, wrong) -> None:
    response = officer.get(reverse("web:report"), {**YEAR, **wrong})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert "table" not in response.context


def test_the_audience_is_closed_to_those_who_need_it_not(sign_in, year) -> None:
    client = sign_in(Role.PUBLIC_RELATIONS)
    page = client.get(reverse("web:report"))
    assert "زندانی" not in page.content.decode()
    for asked in ({"by": "audience"}, {"audience": "test-prisoner"}):
        response = client.get(reverse("web:report"), {**YEAR, **asked})
        assert "زندانی" not in response.content.decode()
        assert not response.context.get("query") or not response.context["query"].where
    blocked = client.get(reverse("web:report_file", args=["csv"]), {**YEAR, "by": "audience"})
    assert blocked.status_code == 404


def test_an_auditor_may_split_by_audience(sign_in, year) -> None:
    response = sign_in(Role.AUDITOR).get(reverse("web:report"), {**YEAR, "by": "audience"})
    assert "زندانی" in response.content.decode()


def test_htmx_gets_the_report_without_the_frame(officer: Client, year) -> None:
    page = officer.get(reverse("web:report"), YEAR, headers={"hx-request": "true"})
    assert "<html" not in page.content.decode()
    assert "HX-Request" in page.headers["Vary"]


@pytest.mark.parametrize(("ending", "start"), [("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_it_downloads(officer: Client, year, ending: str, start: bytes) -> None:
    response = officer.get(reverse("web:report_file", args=[ending]), YEAR)
    assert response.content.startswith(start)
    assert f"tafahom-1397-01-12.{ending}" in response.headers["Content-Disposition"]


def test_the_csv_holds_the_same_rows(officer: Client, year) -> None:
    asked = {**YEAR, "by": "partner", "m": "persons"}
    response = officer.get(reverse("web:report_file", args=["csv"]), asked)
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert ["اتاق اصناف ایران", "3"] in rows


def test_other_kinds_of_file_are_not_found(officer: Client, year) -> None:
    assert officer.get(reverse("web:report_file", args=["exe"]), YEAR).status_code == 404


def test_persian_pages_have_persian_digits(sign_in, year) -> None:
    asked = {**YEAR, "m": "person_hours"}
    persian = sign_in(Role.DIRECTOR, "fa").get(reverse("web:report"), asked).content.decode()
    english = sign_in(Role.AUDITOR, "en").get(reverse("web:report"), asked).content.decode()
    assert "۱۴۷" in persian
    assert "147" in english


def test_without_figures_it_says_what_to_do(officer: Client) -> None:
    response = officer.get(reverse("web:report"))
    assert "reports/no_figures.html" in [template.name for template in response.templates]

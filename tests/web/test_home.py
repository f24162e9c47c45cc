"""The year at a glance."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.reports.definitions import overview


def test_without_figures_it_says_what_to_do_next(sign_in) -> None:
    page = sign_in(Role.DIRECTOR, "en").get(reverse("web:home")).content.decode()
    assert "There are no figures yet" in page


def test_it_shows_the_latest_period(sign_in, year: SimpleNamespace) -> None:
    response = sign_in(Role.DIRECTOR).get(reverse("web:home"))
    assert (response.context["period"].year, response.context["period"].through_month) == (1397, 11)
    assert response.context["overview"].total.values["persons"] == 4
    assert "۴" in response.content.decode()


def test_the_period_of_the_address_is_shown(sign_in, year: SimpleNamespace) -> None:
    response = sign_in(Role.DIRECTOR).get(reverse("web:home"), {"year": 1397, "through": 4})
    assert response.context["overview"].total.values["persons"] == 2


def test_nonsense_in_the_address_shows_the_latest_period(sign_in, year) -> None:
    response = sign_in(Role.DIRECTOR).get(reverse("web:home"), {"year": "۱۲x", "through": "99"})
    assert response.status_code == 200
    assert response.context["period"].through_month == 11


def test_each_key_figure_leads_to_the_report_with_the_same_total(sign_in, year) -> None:
    client = sign_in(Role.DIRECTOR)
    for figure in client.get(reverse("web:home")).context["key_figures"]:
        report = client.get(figure["url"])
        assert report.status_code == 200
        shown = report.context["table"]
        code = "realisation_persons" if figure.get("is_percent") else None
        codes = [column.code for column in shown.columns]
        value = shown.total[codes.index(code)] if code else None
        assert value == figure["value"] if code else figure["value"] in shown.total


def test_a_second_look_comes_from_the_cache(sign_in, year, django_assert_max_num_queries) -> None:
    client = sign_in(Role.DIRECTOR)
    client.get(reverse("web:home"))
    with django_assert_max_num_queries(6):
        client.get(reverse("web:home"))


def test_a_new_enrolment_shows_at_once(sign_in, year: SimpleNamespace) -> None:
    client = sign_in(Role.DIRECTOR)
    client.get(reverse("web:home"))
    year.world.enrol(year.world.person(), year.two)
    response = client.get(reverse("web:home"))
    assert response.context["overview"].total.values["persons"] == 5


def test_no_script_or_style_is_in_the_page(officer: Client, year: SimpleNamespace) -> None:
    for address in ("web:home", "web:report", "web:partners", "web:people"):
        page = officer.get(reverse(address)).content.decode()
        scripts = re.findall(r"<script(?![^>]*(?:src=|application/json))[^>]*>", page)
        assert scripts == []
        assert not re.search(r"<style|\sstyle=|\son\w+=", page)


def test_what_is_kept_is_of_the_language_and_the_period(sign_in, year: SimpleNamespace) -> None:
    address = reverse("web:home")
    persian, english = sign_in(Role.DIRECTOR), sign_in(Role.DIRECTOR, "en")
    pages = [
        _main(client.get(address, asked))
        for client in (persian, english)
        for asked in ({}, {"year": 1397, "through": 4})
    ]
    assert len(set(pages)) == 4
    assert _main(persian.get(address)) == pages[0]
    assert "By partner" in pages[2]


def _main(response: HttpResponse) -> str:
    return response.content.decode().partition("<main")[2]


def test_facts_that_change_while_the_page_is_made_are_not_kept_as_new(
    year: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = iter(["old", "new", "new", "new"])
    monkeypatch.setattr(overview, "_stamp", lambda: next(stamps))
    assert overview.FigureCache().get("figures", lambda: "of the old facts") == "of the old facts"
    assert overview.FigureCache().get("figures", lambda: "of the new facts") == "of the new facts"

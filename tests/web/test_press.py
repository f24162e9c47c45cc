"""The page of press releases."""

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.parties.actions import load_reference_data


@pytest.fixture
def province(db: None) -> None:
    load_reference_data()


def test_it_opens_with_the_latest_months(officer: Client, province: None, year) -> None:
    response = officer.get(reverse("web:press"))
    assert response.status_code == 200
    page = response.content.decode()
    assert "۴ نفر در یازده ماه نخست سال ۱۳۹۷ با تفاهم‌نامه‌ها مهارت آموختند" in page
    assert "<svg" in page
    assert 'lang="fa" dir="rtl"' in page


def test_the_address_chooses_the_months(officer: Client, province: None, year) -> None:
    response = officer.get(reverse("web:press"), {"year": "1397", "from": "5", "through": "5"})
    assert response.context["release"].headline.startswith("۳ نفر در مرداد ۱۳۹۷")
    assert "year=1397&amp;from=5&amp;through=5" in response.content.decode()


@pytest.mark.parametrize("ending", ["html", "txt", "docx", "pdf"])
def test_files_are_of_the_same_months(officer: Client, province: None, year, ending: str) -> None:
    address = reverse("web:press_file", args=[ending])
    response = officer.get(address, {"year": "1397", "from": "1", "through": "10"})
    assert response.status_code == 200
    assert f'filename="khabar-1397-01-10.{ending}"' in response["Content-Disposition"]


def test_months_without_figures_say_so(officer: Client, province: None, year) -> None:
    response = officer.get(reverse("web:press"), {"year": "1397", "from": "12", "through": "12"})
    assert response.status_code == 422
    assert "برای این دوره آماری ثبت نشده است" in response.content.decode()
    wrong = officer.get(reverse("web:press"), {"year": "1397", "from": "9", "through": "2"})
    assert wrong.status_code == 422
    assert officer.get(reverse("web:press"), {"year": "abc"}).status_code == 422
    gone = officer.get(reverse("web:press_file", args=["pdf"]), {"year": "1397", "through": "0"})
    assert gone.status_code == 404
    assert officer.get(reverse("web:press_file", args=["exe"])).status_code == 404


def test_an_empty_installation_says_where_to_begin(officer: Client, province: None) -> None:
    assert officer.get(reverse("web:press")).status_code == 200


@pytest.mark.parametrize("role", list(Role))
def test_who_may_write_releases(sign_in, province: None, year, role: Role) -> None:
    writers = {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.PUBLIC_RELATIONS}
    expected = 200 if role in writers else 404
    assert sign_in(role).get(reverse("web:press")).status_code == expected

"""The page of press releases."""

import pytest
from django.test import Client
from django.urls import reverse

from pages import compact
from tafahom.access.rules import Role
from tafahom.parties.actions import load_reference_data

pytestmark = pytest.mark.once


@pytest.fixture
def province(db: None) -> None:
    load_reference_data()


def test_it_opens_with_the_latest_months(officer: Client, province: None, year) -> None:
    response = officer.get(reverse("web:press"))
    assert response.status_code == 200
    page = response.content.decode()
    assert "۴ نفر در یازده ماه نخست سال ۱۳۹۷ در چارچوب تفاهم‌نامه‌ها مهارت آموختند" in page
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


def test_an_empty_installation_says_where_to_begin(sign_in, province: None) -> None:
    for role, may_import in ((Role.AGREEMENTS_OFFICER, True), (Role.PUBLIC_RELATIONS, False)):
        response = sign_in(role).get(reverse("web:press"))
        assert response.status_code == 200
        page = response.content.decode()
        assert "empty-state" in page
        assert (f'<a class="btn btn-primary" href="{reverse("web:imports")}"' in page) is may_import
        assert sign_in(role).get(reverse("web:press_file", args=["txt"])).status_code == 404


def test_a_release_is_persian_on_an_english_page(sign_in, province: None, year) -> None:
    page = sign_in(Role.PUBLIC_RELATIONS, "en").get(reverse("web:press")).content.decode()
    page = compact(page)
    assert '<html lang="en" dir="ltr"' in page
    assert "Farvardin" in page  # the months to choose from
    assert '<div class="card card-body press-paper" lang="fa" dir="rtl">' in page
    assert "ماه نخست سال ۱۳۹۷" in page


def test_the_officer_learns_what_was_left_out(officer: Client, province: None, year) -> None:
    page = officer.get(reverse("web:press")).content.decode()
    note = page.partition('class="press-note')[2].partition("</p>")[0]
    assert "آموزش در کنار خط تولید" in note
    assert "مهارت‌آموزی در زندان" in note  # two prisoners are too few to speak of


def test_the_text_can_be_copied_without_a_script(officer: Client, province: None, year) -> None:
    response = officer.get(reverse("web:press"))
    page = response.content.decode()
    text = page.partition("<textarea")[2].partition("</textarea>")[0]
    assert response.context["release"].lead in text
    assert 'readonly lang="fa" dir="rtl"' in text
    assert 'data-copy="press-text" hidden' in page  # shown by the script that makes it work


def test_the_page_needs_no_style_or_script_of_its_own(
    officer: Client, province: None, year
) -> None:
    """The content security policy lets neither through."""
    page = officer.get(reverse("web:press")).content.decode()
    assert "<style" not in page
    assert " style=" not in page
    assert "<script>" not in page


@pytest.mark.parametrize("name", ["press", "press_file"])
def test_strangers_log_in_first(stranger: Client, name: str) -> None:
    address = reverse(f"web:{name}", args=["pdf"] if name == "press_file" else [])
    response = stranger.get(address)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(reverse("web:login"))


def test_it_is_read_only(officer: Client, province: None, year) -> None:
    assert officer.post(reverse("web:press")).status_code == 405


@pytest.mark.parametrize("role", list(Role))
def test_who_may_write_releases(sign_in, province: None, year, role: Role) -> None:
    writers = {Role.DIRECTOR, Role.AGREEMENTS_OFFICER, Role.PUBLIC_RELATIONS}
    expected = 200 if role in writers else 404
    assert sign_in(role).get(reverse("web:press")).status_code == expected

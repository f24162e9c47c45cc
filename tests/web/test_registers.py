"""Partners, agreements, courses and people: search, order, pages, and what stays hidden."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.audit.models import Entry


def names(response) -> list[str]:
    return [str(row[0] if isinstance(row, tuple) else row) for row in response.context["rows"]]


@pytest.mark.parametrize("text", ["اصناف", "اتاق ايران", "  اصناف  اتاق "])
def test_partners_are_found_however_they_are_typed(officer: Client, year, text: str) -> None:
    response = officer.get(reverse("web:partners"), {"q": text})
    assert names(response) == ["اتاق اصناف ایران"]


def test_partners_stand_in_persian_order(officer: Client, world) -> None:
    for name in ("گمرک", "آموزش", "پست", "چای", "بنیاد"):
        world.partner(name)
    assert names(officer.get(reverse("web:partners"))) == ["آموزش", "بنیاد", "پست", "چای", "گمرک"]
    backwards = officer.get(reverse("web:partners"), {"sort": "-name"})
    assert names(backwards) == ["گمرک", "چای", "پست", "بنیاد", "آموزش"]


def test_lists_are_cut_into_pages_and_say_how_many_rows_there_are(officer: Client, world) -> None:
    for number in range(60):
        world.partner(f"دستگاه {number:02}")
    first = officer.get(reverse("web:partners"), {"q": "دستگاه"})
    assert len(first.context["rows"]) == 50
    assert "۶۰" in first.content.decode()
    second = officer.get(reverse("web:partners"), {"q": "دستگاه", "page": 2})
    assert len(second.context["rows"]) == 10
    beyond = officer.get(reverse("web:partners"), {"page": "900", "sort": "; drop table"})
    assert beyond.status_code == 200


def test_agreements_are_found_by_number_and_partner(officer: Client, year) -> None:
    assert names(officer.get(reverse("web:agreements"), {"q": "۲/۹۷"})) == ["2/97"]
    found = officer.get(reverse("web:agreements"), {"q": "زندانها", "level": "national"})
    assert names(found) == ["1/97"]


def test_an_agreement_shows_what_was_promised_and_delivered(officer: Client, year) -> None:
    response = officer.get(reverse("web:agreement_detail", args=[year.national.uid]))
    rows = {row.year: row.cells for row in response.context["realisation"]}
    assert rows[1397]["committed_persons"] == 10
    assert rows[1397]["persons"] == 2
    assert len(response.context["courses"]) == 2


def test_a_clerk_sees_promises_but_no_figures(sign_in, year) -> None:
    response = sign_in(Role.CENTRE_CLERK).get(
        reverse("web:agreement_detail", args=[year.national.uid])
    )
    assert response.context["realisation"] is None
    assert len(response.context["record"].lines) == 3


def test_courses_are_kept_by_year_and_month(officer: Client, year) -> None:
    address = reverse("web:courses")
    assert len(officer.get(address, {"year": "1397"}).context["rows"]) == 4
    assert len(officer.get(address, {"year": "1397", "month": "5"}).context["rows"]) == 2
    assert len(officer.get(address, {"q": "اصناف"}).context["rows"]) == 2
    assert officer.get(address, {"year": "x", "month": "44"}).status_code == 200


def test_a_course_shows_people_with_their_numbers_masked(officer: Client, known) -> None:
    address = reverse("web:course_detail", args=[known.one.uid])
    assert "کریمی" not in officer.get(address).content.decode()
    page = officer.get(address, {"names": "show"}).content.decode()
    assert "کریمی" in page
    assert "0012345679" not in page
    assert "۰۰۱۲۳۴۵۶۷۹" not in page
    assert "۰۰۱•••••۷۹" in page
    assert page.index("پاکزاد") < page.index("کریمی")


def test_headquarters_sees_a_course_without_its_people(sign_in, known) -> None:
    client = sign_in(Role.HEADQUARTERS)
    address = reverse("web:course_detail", args=[known.one.uid])
    page = client.get(address, {"names": "show"}).content.decode()
    assert "کریمی" not in page
    assert "زندانی" not in page


def test_a_clerk_sees_people_without_their_audience(sign_in, known) -> None:
    client = sign_in(Role.CENTRE_CLERK)
    for address in (
        reverse("web:course_detail", args=[known.one.uid]),
        reverse("web:person_detail", args=[known.sara.uid]),
    ):
        page = client.get(address, {"names": "show"}).content.decode()
        assert "کریمی" in page
        assert "زندانی" not in page


@pytest.mark.parametrize("text", ["کریمی", "كريمي", "سارا كريمي"])
def test_people_are_found_however_the_name_is_typed(officer: Client, known, text: str) -> None:
    response = officer.post(reverse("web:people_search"), {"q": text}, follow=True)
    assert [row[0].identity.last_name for row in response.context["rows"]] == ["کریمی"]


@pytest.mark.parametrize("number", ["0012345679", "۰۰۱۲۳۴۵۶۷۹", "12345679", "001-234567-9"])
def test_a_national_id_leads_to_its_person_and_is_in_no_address(
    officer: Client, known: SimpleNamespace, number: str
) -> None:
    response = officer.post(reverse("web:people_search"), {"q": number})
    assert response.headers["Location"] == reverse("web:person_detail", args=[known.sara.uid])


def test_a_number_nobody_has_is_said_without_repeating_it(officer: Client, known) -> None:
    response = officer.post(reverse("web:people_search"), {"q": "4490000003"}, follow=True)
    assert "4490000003" not in response.content.decode()
    assert 'role="status"' in response.content.decode()


def test_a_number_in_the_address_is_dropped(officer: Client, known) -> None:
    response = officer.get(reverse("web:people"), {"q": "0012345679"})
    assert response.status_code == 302
    assert response.headers["Location"] == reverse("web:people")


def test_looking_at_a_person_is_written_down_without_the_name(officer: Client, known) -> None:
    officer.post(reverse("web:people_search"), {"q": "0012345679"}, follow=True)
    entries = {entry.action: entry for entry in Entry.objects.all()}
    assert entries["people.seen"].target == f"person:{known.sara.uid}"
    assert "0012345679" not in str(entries["people.looked_up"].details)


def test_the_search_of_people_takes_only_posts(officer: Client, known) -> None:
    assert officer.get(reverse("web:people_search")).status_code == 405


def test_an_empty_register_says_what_to_do(sign_in) -> None:
    page = sign_in(Role.AGREEMENTS_OFFICER, "en").get(reverse("web:courses")).content.decode()
    assert "Nothing is registered yet" in page


@pytest.mark.parametrize("name", ["partners", "agreements", "courses", "people"])
def test_htmx_gets_the_rows_alone(officer: Client, known, name: str) -> None:
    asked = {"names": "show"}  # people are listed when that is asked for
    headers = {"hx-request": "true"}
    page = officer.get(reverse(f"web:{name}"), asked, headers=headers).content.decode()
    assert "<table" in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("name", "most"), [("partners", 10), ("agreements", 16), ("courses", 12), ("people", 16)]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    officer: Client, known, django_assert_max_num_queries, name: str, most: int
) -> None:
    for number in range(30):
        known.world.course(known.trade, (1397, 6, 1 + number))
        known.world.agreement(f"{number}/98", known.world.partner(f"دستگاه {number}"))
    officer.get(reverse(f"web:{name}"))  # figures are brought up to date first
    with django_assert_max_num_queries(most):
        officer.get(reverse(f"web:{name}"), {"names": "show"})


def test_the_queries_of_a_course_do_not_grow_with_its_people(
    officer: Client, known, give_name, django_assert_max_num_queries
) -> None:
    for number in range(25):
        person = known.world.person()
        give_name(person, "نام", f"خانواده {number}", f"{number:010}")
        known.world.enrol(person, known.one)
    address = reverse("web:course_detail", args=[known.one.uid])
    officer.get(address, {"names": "show"})
    with django_assert_max_num_queries(18):  # four ask whether the names tell a status
        officer.get(address)

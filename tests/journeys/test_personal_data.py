"""Names asked for by one, let out by another, taken once; one person shown, then forgotten."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from journeys.conftest import Installation
from journeys.test_officer import check_access, enter
from roster_books import flat, person, workbook
from rosters import national_id
from tafahom.persian import to_persian_digits

Open = Callable[[str], Page]
REASON = "برای صدور دوباره گواهینامه‌ها"


@pytest.fixture(scope="module")
def office(installation: Installation) -> Installation:
    """The installation with a course of three."""
    roster = workbook(
        installation.folder / "names.xlsx",
        {"خرداد": flat(*(person(serial, 90) for serial in (71, 72, 73)))},
    )
    installation.run("roster", "import", roster)
    return installation


@pytest.fixture
def open_as(browser: Browser, office: Installation) -> Iterator[Open]:
    """Return a function: a page of somebody who has logged in, in a browser of their own."""
    opened: list[BrowserContext] = []

    def enter_as(role: str) -> Page:
        context = browser.new_context(
            base_url=office.address, locale="fa-IR", accept_downloads=True, bypass_csp=True
        )
        context.set_default_timeout(30_000)
        opened.append(context)
        page = context.new_page()
        enter(page, role)
        return page

    yield enter_as
    for context in opened:
        context.close()


def test_names_leave_by_two_and_once(open_as: Open, tmp_path: Path) -> None:
    officer, director = open_as("agreements_officer"), open_as("director")
    officer.goto("/courses/")
    officer.locator("tbody a").first.click()
    officer.locator("a[href*='/exports/ask/course/']").click()
    check_access(officer)
    officer.locator("[name=reason]").fill("کوتاه")
    officer.locator("main form button").first.click()
    # The browser itself asks for more than a word.
    expect(officer.locator("[name=reason]")).to_have_js_property("validity.valid", False)
    officer.locator("[name=reason]").fill(REASON)
    officer.locator("main form button").first.click()
    expect(officer.locator("main")).to_contain_text(REASON)
    address = officer.url
    expect(officer.locator("form[action$='/approve/']")).to_have_count(0)

    director.goto(address)
    check_access(director)
    expect(director.locator("main")).to_contain_text(REASON)
    director.locator("form[action$='/approve/'] button").click()

    officer.goto(address)
    take = officer.locator("form[action$='/file/'] button")
    expect(take).to_be_visible()
    check_access(officer)
    with officer.expect_download() as download:
        take.click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    cells = [cell.value for page in book for row in page.iter_rows() for cell in row]
    assert {national_id(71), national_id(72), national_id(73)} <= set(cells)
    officer.goto(address)
    expect(officer.locator("form[action$='/file/']")).to_have_count(0)


def test_one_person_is_shown_for_a_reason_and_then_forgotten(open_as: Open) -> None:
    officer = open_as("agreements_officer")
    officer.goto("/people/")
    officer.locator("[name=q]").fill(national_id(72))
    officer.locator("form[role=search] button").click()
    expect(officer.locator("#show")).to_be_visible()
    whole = to_persian_digits(national_id(72))
    main = officer.locator("main")
    expect(main).not_to_contain_text(whole)
    officer.locator("#show summary").click()
    officer.locator("[name=reason]").fill(REASON)
    check_access(officer)
    officer.locator("#show button").click()
    expect(main).to_contain_text(whole)
    check_access(officer)
    shown = officer.url
    officer.locator(".page-where a").click()
    # The browser has kept nothing that it could go back to.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        officer.go_back()
    officer = officer.context.new_page()
    main = officer.locator("main")
    officer.goto(shown)
    assert not officer.url.endswith("show/")
    expect(main).not_to_contain_text(whole)

    officer.locator("a[href$='/forget/']").click()
    check_access(officer)
    officer.locator("[name=reference]").fill("12/45")
    officer.locator("[name=understood]").check()
    officer.locator("main form button").first.click()
    expect(officer.locator("#show")).to_have_count(0)
    expect(main).not_to_contain_text("اکبری 72")
    officer.goto("/people/")
    officer.locator("[name=q]").fill(national_id(72))
    officer.locator("form[role=search] button").click()
    expect(officer).to_have_url(re.compile(r"/people/$"))


def test_the_page_of_retention_is_for_everybody(open_as: Open) -> None:
    officer = open_as("agreements_officer")
    officer.goto("/retention/")
    check_access(officer)
    years = officer.locator("[name='years-conscript']")
    years.fill("۷")
    officer.locator(".years-form button").click()
    expect(officer.locator("#years .state-warn")).to_be_visible()
    check_access(officer)
    director = open_as("director")
    director.goto("/retention/")
    director.locator("#years .decide .btn-primary").click()
    expect(director.locator("#years .decide")).to_have_count(0)
    officer.goto("/retention/")
    expect(officer.locator("[name='years-conscript']")).to_have_value("۷")
    officer.set_viewport_size({"width": 390, "height": 800})
    assert officer.evaluate("document.documentElement.scrollWidth") <= 390
    check_access(officer)

"""Nothing large by a tick: hours that a register changes, and many who are forgotten, are shown."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.conftest import Installation
from journeys.test_officer import check_access, enter
from roster_files import line, write_roster

Open = Callable[..., Page]
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
LONG = "حسینی نژاد شریعت پناهی اصل تبریزی"
OURS = {"کد دوره": "13975555", "تاریخ شروع": "1397/02/04", "تاریخ پایان": "1397/02/20"}


@pytest.fixture(scope="module")
def office(installation: Installation) -> Installation:
    """The installation with two courses of several people, one of them of a long name."""
    rows = [line(at, **OURS, **{"ساعت حضور": "90"}) for at in range(120, 130)]
    rows.append(line(130, **OURS, **{"نام خانوادگی": LONG}))
    installation.run("roster", "import", write_roster(installation.folder / "second.csv", *rows))
    return installation


@pytest.fixture
def open_as(browser: Browser, office: Installation) -> Iterator[Open]:
    """Return a function: a page of somebody who has logged in, in a language."""
    opened: list[BrowserContext] = []

    def enter_as(role: str, locale: str = "fa-IR") -> Page:
        context = browser.new_context(
            base_url=office.address, locale=locale, bypass_csp=True, viewport=WIDE
        )
        context.set_default_timeout(30_000)
        opened.append(context)
        page = context.new_page()
        enter(page, role)
        return page

    yield enter_as
    for context in opened:
        context.close()


def look(page: Page) -> None:
    """The page serves everybody, wide and narrow, and runs over no edge."""
    for viewport in (WIDE, PHONE):
        page.set_viewport_size(viewport)
        page.wait_for_load_state("load")
        check_access(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    page.set_viewport_size(WIDE)


def press(page: Page, selector: str) -> None:
    """Go to something and press Enter, as who has no mouse does."""
    page.locator(selector).focus()
    page.keyboard.press("Enter")


def test_whose_hours_change_is_shown_before_and_restored_after(open_as: Open) -> None:
    page = open_as("agreements_officer")
    page.goto("/courses/?q=13975555")
    page.locator("#results tbody a").first.click()
    page.locator("a[href$='/attendance/']").click()
    page.locator("#id_first").fill("1397/02/05")
    page.locator("#id_hours").fill("4")
    press(page, "#add button.btn")
    expect(page.locator("th.session")).to_have_count(1)
    register = page.url
    page.locator("input[name^='m-']").first.focus()
    for _ in range(11):
        page.keyboard.press("p")
    press(page, "[data-register] button")
    expect(page.locator("form.register-save [name=confirmed]")).to_have_count(1)
    expect(page.locator("tbody tr")).to_have_count(11)
    look(page)
    press(page, "button[name=back]")
    expect(page.locator("input[name^='m-']").first).to_have_value("ح")
    press(page, "[data-register] button")
    press(page, "form.register-save .btn-primary")
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.locator("#reported tbody tr")).to_have_count(1)
    look(page)
    press(page, "#reported a.btn")
    expect(page.locator("tbody tr")).to_have_count(11)
    look(page)
    press(page, "form.register-save .btn-primary")
    expect(page).to_have_url(register.partition("#")[0])
    expect(page.locator("#reported a.btn")).to_have_count(0)
    english = open_as("agreements_officer", "en-GB")
    english.goto(register)
    look(english)
    english.locator("input[name^='m-']").first.focus()
    english.keyboard.press("l")
    press(english, "[data-register] button")
    expect(english.locator("tbody tr")).to_have_count(1)
    look(english)


def test_many_are_forgotten_by_two(open_as: Open) -> None:
    officer, director = open_as("agreements_officer"), open_as("director", "en-GB")
    officer.goto("/retention/")
    officer.locator("[name='years-guild-member']").fill("۱")
    officer.locator("[name='years-']").fill("۱")
    officer.locator("[name='years-prisoner']").fill("۱")
    press(officer, ".years-form button")
    expect(officer.locator("#years .state-warn")).to_be_visible()
    look(officer)
    director.goto("/retention/")
    look(director)
    press(director, "#years .decide .btn-primary")
    officer.goto("/retention/")
    look(officer)
    press(officer, "form.after-table .btn-primary")
    expect(officer.locator(".facts").first).to_be_visible()
    look(officer)
    director.goto(officer.url)
    look(director)
    press(director, "details:has(form.reason-form) summary")
    director.locator("[name=note]").fill("Look at the list once more, please")
    press(director, "form.reason-form button")
    expect(director.locator(".state-bad")).to_be_visible()
    look(director)
    officer.goto("/retention/")
    look(officer)


def test_what_a_registry_file_changed_is_shown_before_it_is_taken_back(open_as: Open) -> None:
    for locale in ("fa-IR", "en-GB"):
        page = open_as("agreements_officer", locale)
        page.goto("/imports/")
        press(page, "a[href$='/imports/registries/']")
        expect(page.locator("tbody tr")).to_have_count(2)
        look(page)
        press(page, "tbody tr:last-child a")  # the partners: an agreement depends on one
        expect(page.locator("form.decide li")).to_have_count(3)
        look(page)

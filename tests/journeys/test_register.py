"""A clerk's register: sessions added, marks by keyboard and by touch, nothing in the way."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.conftest import Installation
from journeys.test_officer import check_access, enter
from roster_files import line, write_roster


@pytest.fixture
def page(browser: Browser, installation: Installation, tmp_path: Path) -> Any:
    people = [line(at, **{"کد دوره": "13979999", "ساعت حضور": "0"}) for at in range(60, 64)]
    installation.run("roster", "import", write_roster(tmp_path / "r.csv", *people))
    # Scripts of the axe checker are not the page's; the policy that forbids them is put aside.
    context = browser.new_context(
        base_url=installation.address, locale="fa-IR", bypass_csp=True, viewport=WIDE
    )
    opened = context.new_page()
    opened.set_default_timeout(30_000)
    yield opened
    context.close()


WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 800}


def values(page: Page) -> list[str]:
    return page.locator("input[name^='m-']").evaluate_all("boxes => boxes.map(box => box.value)")


def test_a_register_by_keyboard_and_by_touch(page: Page) -> None:
    enter(page, "agreements_officer")
    page.goto("/courses/?q=13979999")
    page.locator("#results tbody a").first.click()
    page.locator("a[href$='/attendance/']").click()
    page.locator("#id_first").fill("1397/03/05")
    page.locator("#id_hours").fill("4")
    page.locator("#id_last").fill("1397/03/06")
    for box in page.locator("[name=weekdays]").all():
        box.check()
    page.locator("#add button.btn").click()
    expect(page.locator("th.session")).to_have_count(2)
    check_access(page)
    page.locator("input[name^='m-']").first.focus()
    for key in ("p", "a", "ArrowLeft", "ArrowUp", "l", "Delete", "e"):
        page.keyboard.press(key)
    # Down the first day, then to the left, the day after: rows of two.
    assert values(page) == ["ح", "", "غ", "ت", "", "م", "", ""]
    page.locator("[data-register] button").click()
    expect(page.locator(".notice-success")).to_be_visible()
    assert values(page) == ["ح", "", "غ", "ت", "", "م", "", ""]

    page.set_viewport_size(PHONE)
    expect(page.locator(".register-whole")).to_be_hidden()
    page.locator(".register-sessions a").nth(1).click()
    expect(page.locator(".session-sheet")).to_be_visible()
    page.wait_for_load_state("load")  # with its colours
    check_access(page)
    page.locator("[name=rest]").click()
    expect(page.locator(".notice-success")).to_be_visible()
    expect(page.locator(".session-sheet input[value=present]:checked")).to_have_count(2)
    expect(page.locator(".session-sheet input[value=late]:checked")).to_have_count(1)
    page.set_viewport_size(WIDE)

"""Access to people is asked for by one person and confirmed by another, each at their browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from journeys.conftest import Installation
from journeys.test_officer import check_access, enter

Come = Callable[[str], Page]


@pytest.fixture(params=[("fa", 390), ("en", 1440)], ids=["fa, phone", "en, desktop"])
def come(
    request: pytest.FixtureRequest, browser: Browser, installation: Installation
) -> Iterator[Come]:
    """Return a function: somebody in a role comes in with a browser of their own."""
    language, width = request.param
    contexts = []

    def open_page(role: str) -> Page:
        context = browser.new_context(
            base_url=installation.address,
            locale="fa-IR" if language == "fa" else "en-GB",
            viewport={"width": width, "height": 900},
            bypass_csp=True,
        )
        contexts.append(context)
        page = context.new_page()
        enter(page, role)
        return page

    yield open_page
    for context in contexts:
        context.close()


def look(page: Page) -> None:
    check_access(page)
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert over <= 0, (page.url, over)


def test_a_role_that_sees_people(come: Come, request: pytest.FixtureRequest) -> None:
    asker, other = come("administrator"), come("auditor")
    name = f"newcomer{request.node.callspec.indices['come']}"
    asker.goto("/accounts/invite/")
    look(asker)
    for field, text in (("first_name", "Sara"), ("last_name", "Nouri"), ("username", name)):
        asker.locator(f"[name={field}]").fill(text)
    asker.locator("[name=role]").select_option("director")
    asker.locator("[name=username]").press("Enter")
    expect(asker.locator("main")).to_contain_text(name)
    look(asker)  # the link of the invitation, and what still waits
    asker.goto("/access/")
    look(asker)
    asker.locator("table a").first.click()
    look(asker)
    expect(asker.locator("form[action$='/confirm/']")).to_have_count(0)  # not by who asked

    other.goto("/attention/")
    look(other)
    other.goto("/access/")
    other.locator("table a").first.click()
    look(other)
    other.locator("form[action$='/confirm/'] button").press("Enter")
    expect(other).to_have_url(other.url.partition("/access/")[0] + "/access/")
    look(other)
    other.goto("/access/roles/")
    look(other)
    asker.goto("/access/")
    look(asker)

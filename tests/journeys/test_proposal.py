"""A body proposes by the public form; an officer makes a draft agreement of it."""

from django.conf import settings
from playwright.sync_api import Browser, expect

from journeys.conftest import Installation
from journeys.test_officer import check_access, enter


def test_from_the_public_form_to_a_draft(browser: Browser, installation: Installation) -> None:
    # Scripts of the axe checker are not the page's; the policy that forbids them is put aside.
    public = browser.new_context(
        base_url=installation.address,
        locale="fa-IR",
        bypass_csp=True,
        viewport={"width": 390, "height": 800},
    )
    page = public.new_page()
    page.goto("/propose/")
    page.locator(".proposal-form > .btn").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    check_access(page)
    for name, text in {
        "organisation": "شرکت نمونه", "legal_id": "۱۰۳۸۰۲۸۴۷۹۰", "name": "نرگس ملکی", "post": "مدیر",
        "phone": "۰۲۶۳۲۷۰۰۰۰۰", "subject": "آموزش جوشکاری", "persons": "۱۲۰", "starts_on": "1406/01/01",
        "ends_on": "1406/12/29",
    }.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(text)
    for name in ("kind", "county"):
        page.locator(f"[name={name}]").select_option(index=1)
    page.locator("[name=audiences]").first.check()
    page.wait_for_timeout(settings.INTAKE_LEAST_SECONDS * 1000)
    page.locator(".proposal-form > .btn").click()
    expect(page.locator(".code")).to_be_visible()
    check_access(page)

    officers = browser.new_context(base_url=installation.address, locale="fa-IR", bypass_csp=True)
    desk = officers.new_page()
    enter(desk, "agreements_officer")
    desk.goto("/attention/?kind=proposal")
    desk.locator(".needs a").first.click()
    check_access(desk)
    desk.locator("form[action$='/accept/'] .btn").click()
    expect(desk.locator(".timeline a[href^='/proposals/']")).to_be_visible()
    expect(desk.locator("main")).to_contain_text("نرگس ملکی")

    page.locator(".receipt button").click()
    expect(page.locator(".state-good-text")).to_be_visible()
    check_access(page)
    for context in (public, officers):
        context.close()

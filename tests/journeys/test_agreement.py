"""A letter becomes an agreement, and the agreement is renewed: by the public and the officer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.conftest import Installation, opened
from journeys.test_officer import check_access, enter
from roster_files import line, write_roster
from tafahom.jalali import format_date, from_jalali, to_jalali, today

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
NUMBER = "۷۷/پیشنهاد"
YEAR = to_jalali(today())[0]


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One of its own: what is taught here today would be the latest period of others."""
    with opened(tmp_path_factory.mktemp("agreement")) as made:
        yield made


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Any:
    opened: BrowserContext = browser.new_context(
        base_url=installation.address, locale="fa-IR", bypass_csp=True
    )
    opened.set_default_timeout(20_000)
    yield opened.new_page()
    opened.close()


def day(month: int, of_month: int, year: int = YEAR) -> str:
    return format_date(from_jalali(year, month, of_month), digits="en")


def fill(page: Page, **values: str) -> None:
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def send(page: Page, address: str) -> None:
    """Press the button of the form that goes to an address."""
    page.locator(f"main form[action$='{address}'] button:not([name])").first.click()
    page.wait_for_load_state()


def propose(page: Page) -> None:
    page.goto("/propose/")
    fill(
        page,
        organisation="اتحادیه جوشکاران",
        legal_id="10101234508",
        name="سارا کریمی",
        post="دبیر",
        phone="02612345678",
        email="dabir@example.org",
        subject="آموزش جوشکاری به اعضا",
        persons="۱۲۰۰",
        person_hours="۶۰۰۰۰",
        address="خیابان یکم",
    )
    page.locator("[name=kind]").select_option(index=1)
    page.locator("[name=county]").select_option(index=1)
    page.locator("[name=audiences]").first.check()
    fill(page, starts_on=day(12, 1), ends_on=day(11, 30, YEAR + 1))
    check_access(page)
    page.wait_for_timeout(5_500)  # nobody writes this sooner, the form says
    page.locator("form.proposal-form button.btn-primary").click()
    page.wait_for_load_state()


def move(page: Page, to: str) -> None:
    page.locator(f"form:has(input[name=to][value={to}]) button").click()
    page.wait_for_load_state()


def record(page: Page, what: str, **values: str) -> None:
    page.goto(f"{page.url.split('/agreements/')[0]}/agreements/{uid_of(page)}/record/{what}/")
    fill(page, **values)
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()


def uid_of(page: Page) -> str:
    return page.url.split("/agreements/")[1].split("/")[0]


def test_from_a_letter_to_a_renewal(page: Page, installation: Installation, tmp_path: Path) -> None:
    propose(page)
    assert page.locator(".tracking-code, code, .code").count(), page.locator("main").inner_text()

    enter(page, "agreements_officer")
    page.goto("/proposals/")
    page.locator("table a", has_text="جوشکاران").first.click()
    if not page.locator("[name=number]").is_visible():
        page.locator("details:has(form[action$='/decide/accept/']) summary").click()
    page.locator("[name=number]").fill(NUMBER)
    page.locator("[name=level]").select_option("provincial")
    send(page, "/decide/accept/")
    page.goto("/agreements/")
    page.locator("table a", has_text=NUMBER).first.click()
    expect(page.locator("h1")).to_contain_text(NUMBER)
    agreement = page.url
    # It was asked for the end of the year; both agree on all of it.
    page.goto(agreement + "edit/")
    fill(page, starts_on=day(1, 1))
    page.locator("main form button.btn-primary").click()
    page.wait_for_load_state()
    record(page, "promise", year=str(YEAR), persons="1000", person_hours="50000")
    page.goto(agreement)
    if page.locator("form:has(input[name=to][value=drafting])").count():
        move(page, "drafting")

    # Its text comes from a template; what is negotiated is compared word by word.
    page.goto(agreement + "text/")
    page.locator("form.begin [name=begin]").first.check()
    page.locator("form.begin button.btn-primary").click()
    page.wait_for_load_state()
    page.locator("#keep-note").fill("نخستین متن")
    send(page, "/keep/")
    page.goto(agreement)
    move(page, "negotiation")
    page.goto(agreement + "text/")
    page.locator("a[href*='/edit/'], form[action$='/back/'] button").first.click()
    page.wait_for_load_state()
    page.locator("main a[href*='/clauses/']").first.click()
    text = page.locator("#clause-text")
    text.fill(text.input_value() + " و کارگاه را طرف دوم در اختیار می‌گذارد")
    page.locator("form.clause-form button.btn-primary").click()
    page.wait_for_load_state()
    page.locator("#keep-note").fill("پس از مذاکره")
    send(page, "/keep/")
    page.goto(agreement + "text/")
    page.locator("a[href$='/compare/']").nth(1).click()  # the draft goes on from the second
    expect(page.locator("ins", has_text="کارگاه").first).to_be_visible()
    check_access(page)

    # Signed by both, the scan attached, in force.
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(PDF)
    page.goto(agreement + "text/")
    page.locator("input[type=file]").set_input_files(scan)
    page.locator("#file-kind").select_option("scan")
    page.locator("form.file-form button").last.click()
    page.wait_for_load_state()
    expect(page.locator("main", has_text="scan.pdf")).to_be_visible()
    for side, name in (("directorate", "امینی"), ("partner", "کریمی")):
        page.goto(agreement)
        page.locator("#sign-side").select_option(side)
        page.locator("#sign-name").fill(name)
        page.locator("#sign-signed_on").fill(day(1, 1))
        send(page, "/sign/")
    move(page, "signed")
    move(page, "in_force")
    assert not page.locator("form:has(input[name=to][value=negotiation])").count()

    # One person was trained so far: the work list says that it is behind.
    roster = tmp_path / "one.csv"
    course = {
        "کد دوره": f"{YEAR}0001",
        "تاریخ شروع": day(1, 1),
        "تاریخ پایان": format_date(today(), digits="en"),
        "شماره تفاهم‌نامه": NUMBER,
    }
    write_roster(roster, line(900, **course))
    installation.run("roster", "import", roster)
    record(page, "amendment", year=str(YEAR), persons="900", signed_on=day(1, 2),
           effective_on=day(1, 2), reason="کاهش ظرفیت کارگاه")  # fmt: skip
    expect(page.locator("main", has_text="کاهش ظرفیت کارگاه")).to_be_visible()
    page.goto("/attention/")
    expect(page.locator(".needs li", has_text=NUMBER).first).to_be_visible()
    assert page.locator(".needs li", has_text=NUMBER).filter(has_text="عقب").count()

    page.goto(agreement)
    record(
        page,
        "renewal",
        number="۷۸/تمدید",
        starts_on=day(12, 1, YEAR + 1),
        ends_on=day(11, 28, YEAR + 2),
    )
    expect(page.locator("h1")).to_contain_text("۷۸/تمدید")
    expect(
        page.locator(f"main a[href='{agreement.removeprefix(installation.address)}']").first
    ).to_be_visible()
    check_access(page)

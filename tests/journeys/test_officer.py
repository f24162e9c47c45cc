"""The officer's day: four rosters in, one row mended, the new total read, the release taken."""

import base64
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from docx import Document
from playwright.sync_api import Browser, BrowserContext, Page, expect

from journeys.conftest import PASSWORD, Installation
from roster_books import LABELS, PEOPLE, course_sheet, flat, person, workbook

DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const file of files) {
    const bytes = Uint8Array.from(atob(file.content), (c) => c.charCodeAt(0));
    carried.items.add(new File([bytes], file.name));
  }
  const target = document.querySelector(selector);
  for (const kind of ["dragenter", "dragover", "drop"])
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true }));
}"""


def rosters(folder: Path) -> list[Path]:
    """Four rosters in four layouts: 9 right rows of 9 persons, and one wrong."""
    other = LABELS | {"کد دوره": "13970002", "عنوان دوره": "درودگر"}
    third = LABELS | {"کد دوره": "13970003", "عنوان دوره": "گلخانه‌دار"}
    register = course_sheet(labels=third)
    register[-1] = [*PEOPLE[:5], "1397/03/04", "1397/03/05"]
    register += [["ساعت جلسه", "", "", "", "", 4, 4], person(7, "ح", "ح"), person(8, "ح", "غ")]
    text = [[str(cell) for cell in row] for row in flat(person(9, 90), person(10, 80))]
    csv = folder / "4.csv"
    csv.write_text("\r\n".join(";".join(row) for row in text), encoding="utf-8-sig")
    return [
        workbook(folder / "1.xlsx", {"خرداد": flat(person(1, 90), person(2, "سی"), person(3, 100))}),
        workbook(folder / "2.xlsx", {"دوره": course_sheet(*(person(n, 50) for n in (4, 5, 6)), labels=other)}),
        workbook(folder / "3.xlsx", {"حضور": register}),
        csv,
    ]  # fmt: skip


@pytest.fixture
def context(browser: Browser, installation: Installation) -> Any:
    # Scripts of the axe checker are not the page's; the policy that forbids them is put aside.
    opened = browser.new_context(
        base_url=installation.address, locale="fa-IR", accept_downloads=True, bypass_csp=True
    )
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


def enter(page: Page, role: str) -> None:
    page.goto("/")
    page.locator("[name=username]").fill(role)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url("/login")


def check_access(page: Page) -> None:
    """axe-core finds nothing on the page as it is."""
    script = Path(settings.PAGE_ASSETS) / "axe-core" / "axe.min.js"
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run(document)")
    assert [
        (one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]
    ] == []


def drop(page: Page, files: Sequence[Path]) -> None:
    """Drop files on the form and wait until they have been checked."""
    page.goto("/imports/")
    carried = [
        {"name": file.name, "content": base64.b64encode(file.read_bytes()).decode()}
        for file in files
    ]
    page.evaluate(DROP, ["[data-drop]", carried])
    page.locator("[data-drop] button.btn-primary").click()
    expect(page.locator(".decide")).to_be_visible()


def value_of(page: Page, number: int) -> str:
    return page.locator(".key-figures .value").nth(number).inner_text()


def record(page: Page) -> None:
    page.locator(".decide form button.btn-primary").click()
    expect(page.locator(".page-actions .btn-primary")).to_be_visible()


def test_from_four_rosters_to_the_release(
    context: BrowserContext, installation: Installation, tmp_path: Path
) -> None:
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto("/")
    check_access(page)
    enter(page, "agreements_officer")
    check_access(page)  # nothing is recorded yet

    drop(page, rosters(tmp_path))
    check_access(page)
    assert [value_of(page, n) for n in range(3)] == ["۱۰", "۹", "۱"]
    problems = page.locator("#problems")
    expect(problems).to_contain_text("ساعت حضور")
    expect(problems).to_contain_text("«سی» عدد نیست")
    record(page)
    check_access(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="سطرهای برگشتی").click()
    returned = tmp_path / "returned.xlsx"
    download.value.save_as(returned)

    page.goto("/")
    expect(page.locator(".key-figures")).to_contain_text("۹")
    check_access(page)

    book = openpyxl.load_workbook(returned)
    [cell] = [cell for row in book.active.iter_rows() for cell in row if cell.value == "سی"]
    cell.value = 30
    book.save(returned)
    drop(page, [returned])
    assert [value_of(page, n) for n in range(3)] == ["۱", "۱", "۰"]
    record(page)

    page.goto("/")
    assert "۱۰" in value_of(page, 0)
    assert "۵۵۲" in page.locator(".key-figures").inner_text()  # 90+30+100 + 150 + 8+4 + 90+80 hours

    page.goto("/press/")
    check_access(page)
    expect(page.locator(".press-paper")).to_contain_text("۱۰ نفر در سه ماه نخست سال ۱۳۹۷")
    for ending, start in (("docx", b"PK"), ("pdf", b"%PDF")):
        with page.expect_download() as download:
            page.locator(f"a[href*='file/{ending}']").click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(start)
        if ending == "docx":
            texts = [p.text for p in Document(io.BytesIO(content)).paragraphs]
            assert any("۱۰ نفر" in text for text in texts)
    assert errors == []


def test_the_same_without_scripts(
    browser: Browser, installation: Installation, tmp_path: Path
) -> None:
    opened = browser.new_context(
        base_url=installation.address, locale="fa-IR", java_script_enabled=False
    )
    page = opened.new_page()
    enter(page, "agreements_officer")
    page.goto("/imports/")
    rows = flat(*(person(serial, 40) for serial in range(20, 24)))
    for row in rows[1:]:
        row[1] = "13970009"
    sent = workbook(tmp_path / "quiet.xlsx", {"ب": rows})
    page.locator("input[type=file]").set_input_files(sent)
    page.locator("[data-drop] button.btn-primary").click()
    for _ in range(100):  # without scripts the page says to look again, and so does the officer
        if page.locator(".decide").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    page.locator(".decide form button.btn-primary").click()
    for _ in range(100):
        if page.locator(".page-actions .btn-primary").count():
            break
        page.wait_for_timeout(200)
        page.reload()
    assert value_of(page, 1) == "۴"
    opened.close()


def questions(folder: Path) -> list[Path]:
    """A file of each kind of question; the names say what is asked."""
    unit = flat(person(31, 20), person(32, 10))
    unit[0][unit[0].index("ساعت حضور")] = "ساعت حضور (جلسه)"
    twice = flat(person(33, 90, 60, 80))
    for row, cell in zip(twice, ("نفر ساعت", 40), strict=True):
        row.append(cell)
    word = flat(person(34, 50))
    word[1][word[0].index("گروه مخاطب")] = "گروهی دیگر"
    register = course_sheet()
    register[-1] = [*PEOPLE[:5], "جلسه ۱", "جلسه ۲"]
    register += [["ساعت جلسه", "", "", "", "", 4, 4], person(35, "ح", "غ")]
    missing = flat(person(36, 50), without=["شماره تفاهم‌نامه", "نام مرکز"])
    return [
        workbook(folder / f"{name}.xlsx", {"ب": rows})
        for name, rows in (
            ("unit", unit), ("twice", twice), ("word", word), ("sessions", register), ("missing", missing),
        )
    ]  # fmt: skip


def answer_all(page: Page) -> None:
    """Answer what the page asks of each file, by keyboard where there are buttons."""
    form = page.locator("form.answers")
    for _turn in range(3):  # an answer may lead to another question
        if value_of(page, 2) == "۰":
            return
        for box in form.locator("fieldset.question").all():
            each = box.locator("input[type=text]")
            if each.count():
                box.locator("input[type=radio][value='@each']").focus()
                page.keyboard.press("Space")
                each.fill("۱٫۵")
            else:
                box.locator("input[type=radio]").first.focus()
                page.keyboard.press("Space")
                if "نفر ساعت" in box.locator("legend").inner_text():
                    box.locator("input[type=radio][value='ignore']").check()
        for choice in form.locator("div.question select").all():
            choice.select_option("زندانی")
        if form.locator("[name='g0-agreement_number']").count():
            form.locator("[name='g0-agreement_number']").fill("553/96/2508")
            form.locator("[name='g0-centre']").fill("مرکز شماره 1 کرج")
        form.locator("button").last.click()
        expect(page.locator(".decide")).to_be_visible()


def test_what_a_file_does_not_say_is_asked_and_answered_on_its_page(
    context: BrowserContext, installation: Installation, tmp_path: Path
) -> None:
    page = context.new_page()
    enter(page, "agreements_officer")
    for sent in questions(tmp_path):
        drop(page, [sent])
        check_access(page)
        assert value_of(page, 1) == "۰"
        page.locator("form.answers button").last.click()  # nothing is answered yet
        expect(page.locator("[role=alert]")).to_be_visible()
        check_access(page)
        answer_all(page)
        check_access(page)
        assert value_of(page, 2) == "۰", sent.name  # no row is rejected any more
    page.goto("/imports/remembered/")
    check_access(page)


@pytest.mark.parametrize("language", ["fa", "en"])
@pytest.mark.parametrize("width", [390, 1440])
def test_pages_fit_and_axe_finds_nothing(
    browser: Browser, installation: Installation, language: str, width: int
) -> None:
    opened = browser.new_context(
        base_url=installation.address,
        locale="fa-IR" if language == "fa" else "en-GB",
        viewport={"width": width, "height": 900},
        bypass_csp=True,
    )
    page = opened.new_page()
    enter(page, "agreements_officer")
    assert page.locator("html").get_attribute("lang") == language
    for address in ("/", "/reports/?by=month", "/imports/", "/partners/", "/agreements/", "/courses/",
                    "/people/", "/press/"):  # fmt: skip
        page.goto(address)
        check_access(page)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert over <= 0, (address, over)
    opened.close()

"""The press release: its numbers are figures, its files open, its sentences are our own."""

import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from docx import Document

from figures.world import World
from shared import SHARED
from tafahom.figures.rules import FigureError
from tafahom.jalali import Period
from tafahom.parties.actions import load_reference_data
from tafahom.persian import clean
from tafahom.reports.press import PressError, PressRelease, press_release
from tafahom.reports.press.checks import strange_numbers
from tafahom.reports.press.render import RENDERERS, render_docx, render_html, render_pdf, render_txt

PRISONS, INDUSTRY, GUILD = "سازمان زندان‌ها", "شهرک‌های صنعتی", "اتاق اصناف ایران"


@pytest.fixture
def busy(world: World) -> SimpleNamespace:
    """In two months of 1397: 12 prisoners, 9 industry workers, 100 guild members; 100 in 1396."""
    load_reference_data()
    prisons, industry, guild = (world.partner(name) for name in (PRISONS, INDUSTRY, GUILD))
    agreements = {
        PRISONS: world.agreement("1/97", prisons, person_hours_1397=1000),
        INDUSTRY: world.agreement("2/97", industry),
        GUILD: world.agreement("3/97", guild, person_hours_1397=1000),
    }
    for name, count, audience, month in (
        (PRISONS, 12, "زندانی", 1), (INDUSTRY, 9, "صنف", 2), (GUILD, 100, "صنف", 2),
    ):  # fmt: skip
        course = world.course(agreements[name], (1397, month, 20), hours=10)
        for number in range(count):
            who = world.person("female" if number % 2 else "male")
            good = {"marks": (8000, 9000), "passed": True, "certificate": f"{name}-{number}"}
            world.enrol(who, course, minutes=600, audience=audience, **good)
    before = world.course(agreements[GUILD], (1396, 2, 20), hours=10)
    for _ in range(100):
        world.enrol(world.person(), before, minutes=480)
    return SimpleNamespace(world=world, agreements=agreements)


def whole_text(release: PressRelease) -> str:
    return render_txt(release).decode()


def test_it_tells_the_figures_in_persian(busy: SimpleNamespace) -> None:
    text = whole_text(press_release(1397, 2))
    assert "۱۲۱ نفر در دو ماه نخست سال ۱۳۹۷" in text
    assert "۱٬۲۱۰ نفرساعت" in text
    assert (
        "۳ دستگاه همکار به ترتیب الفبا: اتاق اصناف ایران، سازمان زندان‌ها و شهرک‌های صنعتی." in text
    )
    assert "۲۱ درصد بیشتر" in text  # 121 after 100
    assert "۶۰٫۵ درصد آن تا پایان اردیبهشت" in text  # 1,210 of 2,000 hours
    assert "۱۲۱ گواهینامه" in text
    assert "tafahom report --year 1397 --through 2" in text


def test_programmes_of_ten_persons_or_more_are_singled_out(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    assert [part.title for part in release.sections] == ["مهارت در زندان، سرمایه‌ای برای روز آزادی"]
    assert "۱۲ زندانی" in release.sections[0].text
    course = busy.world.course(busy.agreements[INDUSTRY], (1397, 2, 21), hours=10)
    busy.world.enrol(busy.world.person(), course, minutes=600, audience="صنف")
    assert len(press_release(1397, 2).sections) == 2  # the tenth worker


def test_nothing_is_said_of_last_year_when_there_was_little(busy: SimpleNamespace) -> None:
    text = whole_text(press_release(1397, 1))
    assert "سال گذشته" not in text
    assert "در فروردین ۱۳۹۷" in text


def test_other_spans_are_named_as_people_say_them(busy: SimpleNamespace) -> None:
    assert "در سال ۱۳۹۷" in press_release(1397, 12).headline
    release = press_release(1397, 4, from_month=2)
    assert "از اردیبهشت تا تیر ۱۳۹۷" in release.headline
    assert release.source == "tafahom report --year 1397 --from 2 --through 4"
    assert [bar.label for bar in release.bars] == ["اردیبهشت", "خرداد", "تیر"]


def test_every_number_in_it_is_a_figure(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    assert strange_numbers(release.sentences, release.numbers, Period(1397, 1, 2)) == []
    wrong = [*release.sentences, "۱٬۲۱۱ نفرساعت در سال ۱۳۹۷"]
    assert strange_numbers(wrong, release.numbers, Period(1397, 1, 2)) == ["۱٬۲۱۱"]


def test_an_office_has_programmes_of_its_own(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    monkeypatch.setenv("TAFAHOM_PRESS_PROGRAMMES", str(own))
    row = '[[programmes]]\nid="g"\ntitle="صنوف"\ntext="{persons} نفر"\nwhere={partner="اتاق اصناف ایران"}\n'
    own.write_text(row, encoding="utf-8")
    [section] = press_release(1397, 2).sections
    assert (section.title, section.text) == ("صنوف", "۱۰۰ نفر")
    own.write_text(row.replace("{persons} نفر", "۵۰۰ نفر"), encoding="utf-8")
    with pytest.raises(PressError, match="۵۰۰"):
        press_release(1397, 2)
    own.write_text("[[programmes]]\nid=1", encoding="utf-8")
    with pytest.raises(FigureError, match=r"own\.toml"):
        press_release(1397, 2)


def test_without_figures_there_is_no_release(busy: SimpleNamespace) -> None:
    with pytest.raises(PressError):
        press_release(1390, 2)
    with pytest.raises(FigureError):
        press_release(1397, 13)


def test_the_document_is_right_to_left_and_has_a_picture_with_words(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    document = Document(io.BytesIO(render_docx(release)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert release.headline in texts
    assert release.lead in texts
    xml = document.element.xml
    assert (
        xml.count("<w:bidi/>") >= len([text for text in texts if text]) - 1
    )  # all but the command
    assert 'w:bidi="fa-IR"' in xml
    [shape] = document.inline_shapes
    assert "اردیبهشت 1090" in shape._inline.docPr.get("descr")


def test_the_pdf_and_the_page_stand_alone(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    assert render_pdf(release).startswith(b"%PDF-")
    page = render_html(release).decode()
    assert 'dir="rtl"' in page
    assert release.headline in page
    assert "<svg" in page
    hosts = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert hosts <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


@pytest.mark.parametrize("form", RENDERERS)
def test_the_command_writes_each_form(busy: SimpleNamespace, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"release.{form}"
    call_command("press", "--year", "1397", "--through", "2", "-o", str(target))
    starts = {"pdf": b"%PDF", "docx": b"PK", "html": b"<!doctype", "txt": "۱۲۱".encode()}
    assert target.read_bytes().startswith(starts[form])
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    "wrong",
    [("--through", "13", "-o", "x.txt"), ("--through", "2", "-o", "x.odt"),
     ("--through", "2", "-o", "/nonexistent/x.txt"), ("--year", "1390", "--through", "2", "-o", "x.txt")],
)  # fmt: skip
def test_the_command_refuses_with_two(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError) as refused:
        call_command("press", "--year", "1397", *wrong)
    assert refused.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(SHARED is None, reason="the source report is not beside the checkout")
def test_no_sentence_of_the_source_report_is_copied(busy: SimpleNamespace) -> None:
    assert SHARED
    source = _words((SHARED / "source" / "press-report-alborz.fa.txt").read_text(encoding="utf-8"))
    runs = {tuple(source[at : at + 6]) for at in range(len(source) - 5)}
    release = press_release(1397, 2)
    for sentence in [*release.sentences, *release.notes]:
        own = _words(sentence)
        assert not runs & {tuple(own[at : at + 6]) for at in range(len(own) - 5)}, sentence


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", clean(text).replace("\u200c", " "))

"""The press release: its numbers are figures, its files open, its sentences are our own."""

import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation

from shared import SHARED
from tafahom.figures.catalogue import MEASURES
from tafahom.figures.rules import FigureError
from tafahom.jalali import MONTH_NAMES, MonthSpan
from tafahom.persian import clean
from tafahom.reports.press import PressError, PressRelease, press_release, wording
from tafahom.reports.press import release as release_module
from tafahom.reports.press.checks import contradictions, strange_numbers
from tafahom.reports.press.programmes import programmes
from tafahom.reports.press.render import RENDERERS, render_txt
from tafahom.reports.press.structure import NOT_NAMED, Bar
from tafahom.training.models import Enrolment

pytestmark = pytest.mark.once

PRISONS, INDUSTRY, GUILD = "سازمان زندان‌ها", "شهرک‌های صنعتی", "اتاق اصناف ایران"


def whole_text(release: PressRelease) -> str:
    return render_txt(release).decode()


def test_it_tells_the_figures_in_persian(busy: SimpleNamespace) -> None:
    text = whole_text(press_release(1397, 2))
    assert "۱۲۱ نفر در دو ماه نخست سال ۱۳۹۷" in text
    assert "۱٬۲۱۰ نفر ساعت" in text
    assert (
        "۳ دستگاه همکار به ترتیب الفبا: اتاق اصناف ایران، سازمان زندان‌ها و شهرک‌های صنعتی." in text
    )
    # 121 persons after 100, 1,210 hours after 800.
    assert "شمار مهارت‌آموزان ۲۱ درصد و حجم آموزش ۵۱٫۳ درصد افزایش یافته است" in text
    assert "تا پایان اردیبهشت ۶۰٫۵ درصد آن تحقق" in text  # 1,210 of 2,000 hours
    assert "۱۲۱ گواهینامه" in text
    assert "tafahom report --year 1397 --through 2 --compare last-year\n" in text
    assert "tafahom report --year 1397 --through 2 --where 'partner=سازمان زندان‌ها'" in text


def test_programmes_of_ten_persons_or_more_are_singled_out(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    assert [part.title for part in release.sections] == [
        "مهارت‌آموزی در زندان، پشتوانه بازگشت به زندگی"
    ]
    assert release.left_out == ("آموزش در کنار خط تولید",)
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
    assert release.commands == (
        "tafahom report --year 1397 --from 2 --through 4 --compare last-year",
    )
    assert [bar.label for bar in release.bars] == ["اردیبهشت", "خرداد", "تیر"]


def test_every_number_in_the_file_is_a_figure_or_a_day(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    text = whole_text(release).split("\n—\n")[0].replace(release.place_and_day, "")
    written = set(re.findall(r"\d[\d٬٫]*", text))
    assert written - release.numbers == {"۱۳۹۷", "۱۳۹۶"}
    # Counted by hand: the whole, its months, last year, and growth in percent.
    by_hand = {"۱۲۱", "۱٬۲۱۰", "۳", "۱۲۰", "۱٬۰۹۰", "۱۰۰", "۸۰۰", "۲۱", "۵۱٫۳", "۶۰٫۵", "۲٬۰۰۰"}
    assert by_hand <= written | {"۱۰۰"}


def test_every_number_in_it_is_a_figure(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2)
    assert strange_numbers(release.sentences, release.numbers, MonthSpan(1397, 1, 2)) == []
    wrong = [*release.sentences, "۱٬۲۱۱ نفر ساعت در سال ۱۳۹۷"]
    assert strange_numbers(wrong, release.numbers, MonthSpan(1397, 1, 2)) == ["۱٬۲۱۱"]


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
    both = row.replace('"اتاق اصناف ایران"', '["اتاق اصناف ایران", "سازمان زندان‌ها"]')
    own.write_text(both, encoding="utf-8")
    assert press_release(1397, 2).sections[0].text == "۱۱۲ نفر"
    own.write_text("programmes = []", encoding="utf-8")
    assert press_release(1397, 2).sections == ()


@pytest.mark.parametrize("guide", ["guide-en.md", "guide-fa.md"])
def test_the_programmes_of_the_user_guide_work(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, guide: str
) -> None:
    text = (settings.BASE_DIR / "docs" / "user" / guide).read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text.partition("```toml\n")[2].partition("```")[0], encoding="utf-8")
    monkeypatch.setenv("TAFAHOM_PRESS_PROGRAMMES", str(own))
    assert [programme.id for programme in programmes()] == ["conscripts", "women-in-services"]
    assert press_release(1397, 2).left_out == ("مهارت در دوران سربازی", "زنان در خوشه خدمات")


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("[[programmes]]\nid=1", "where"),
        ("programmes = [1]", ""),
        ("not toml", ""),
        ('[[programmes]]\nid="g"\ntitle="t"\ntext="{people}"\nwhere={gender="زن"}', r"\{people\}"),
        ('[[programmes]]\nid="g"\ntitle="t"\ntext="{persons.real}"\nwhere={}', "real"),
        ('[[programmes]]\nid="g"\ntitle="t"\ntext="{persons:x}"\nwhere={}', "persons"),
        ('[[programmes]]\nid="g"\ntitle="t"\ntext="{"\nwhere={}', ""),
        ('[[programmes]]\nid="g"\ntitle="t"\ntext="{persons}"\nwhere={planet="x"}', "planet"),
    ],
)
def test_programmes_that_can_not_be_read_are_named(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, named: str
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(wrong, encoding="utf-8")
    monkeypatch.setenv("TAFAHOM_PRESS_PROGRAMMES", str(own))
    with pytest.raises(FigureError, match=rf"(?s)own\.toml.*{named}"):
        press_release(1397, 2)


def test_no_programme_tells_of_a_handful_or_of_what_is_not_known(
    busy: SimpleNamespace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    monkeypatch.setenv("TAFAHOM_PRESS_PROGRAMMES", str(own))
    row = '[[programmes]]\nid="g"\ntitle="صنوف"\ntext="{passed} قبولی"\nwhere={partner="اتاق اصناف ایران"}\n'
    own.write_text(row, encoding="utf-8")
    assert press_release(1397, 2).sections[0].text == "۱۰۰ قبولی"
    enrolments = Enrolment.objects.filter(course__agreement=busy.agreements[GUILD])
    enrolments.filter(pk__in=[*enrolments.values_list("pk", flat=True)[9:]]).update(passed=False)
    busy.world.changed(enrolments.filter(passed=True)[0].course)
    assert press_release(1397, 2).left_out == ("صنوف",)  # nine passed
    # Nothing is promised to women alone.
    unknown = row.replace("{passed}", "{realisation_persons}")
    own.write_text(unknown.replace('partner="اتاق اصناف ایران"', 'gender="زن"'), encoding="utf-8")
    assert press_release(1397, 2).left_out == ("صنوف",)


def test_hours_with_minutes_are_rounded_and_it_is_said(busy: SimpleNamespace) -> None:
    course = busy.world.course(busy.agreements[GUILD], (1397, 1, 21), hours=10)
    busy.world.enrol(busy.world.person(), course, minutes=125)  # two hours and a twelfth
    release = press_release(1397, 2)
    assert "۱٬۲۱۲ نفر ساعت" in release.lead
    assert "نفر ساعت‌ها به ساعت کامل گرد شده است." in release.notes
    assert "گرد شده" not in whole_text(press_release(1396, 2))


def test_a_year_that_was_hardly_recorded_is_not_compared_with(busy: SimpleNamespace) -> None:
    course = busy.world.course(busy.agreements[GUILD], (1396, 2, 21), hours=10)
    assert "افزایش" in whole_text(press_release(1397, 2))
    Enrolment.objects.filter(course__end_month=139602)[0].delete()
    busy.world.changed(course)
    text = whole_text(press_release(1397, 2))  # 99 persons last year
    assert "افزایش" not in text
    assert "--compare" not in text
    assert "سال پیش" not in text


def test_less_than_last_year_is_said_as_plainly(busy: SimpleNamespace) -> None:
    course = busy.world.course(busy.agreements[GUILD], (1396, 1, 20), hours=10)
    for _ in range(121):
        busy.world.enrol(busy.world.person(), course, minutes=600)
    text = whole_text(press_release(1397, 2))
    assert "حجم آموزش ۳۹٫۸ درصد کاهش یافته است" in text  # 1,210 hours after 2,010
    for _ in range(100):
        busy.world.enrol(
            busy.world.person(),
            busy.world.course(busy.agreements[GUILD], (1397, 1, 2)),
            minutes=30,
        )
    text = whole_text(press_release(1397, 2))
    assert "شمار مهارت‌آموزان بی‌تغییر و حجم آموزش ۳۷٫۳ درصد کمتر است" in text


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"programmes": {"زندان": {"persons": 122}}}, "زندان: persons"),
        ({"partners": ["یک"]}, "partners"),
        ({"by_gender": {"زن": 60, "مرد": 62}}, "gender"),
        ({"by_month": [1000, 211]}, "month"),
    ],
)
def test_parts_that_do_not_fit_the_whole_are_found(change: dict[str, Any], part: str) -> None:
    total = dict.fromkeys(MEASURES, 1000) | {"persons": 121, "person_hours": 1210, "partners": 2}
    parts: dict[str, Any] = {
        "programmes": {"زندان": {"persons": 12}},
        "partners": ["یک", "دو"],
        "by_gender": {"زن": 60, "مرد": 61},
        "by_month": [1000, 210],
    }
    nothing = dict.fromkeys(MEASURES, 0)
    for case, expected in ((parts, []), (parts | change, [part])):
        whole = {name: nothing | own for name, own in case["programmes"].items()}
        assert contradictions(total, **(case | {"programmes": whole})) == expected


def test_figures_that_change_meanwhile_stop_the_release(
    busy: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(release_module, "contradictions", lambda *_, **__: ["month"])
    with pytest.raises(PressError, match="month"):
        press_release(1397, 2)


def test_a_release_is_persian_for_readers_of_english(busy: SimpleNamespace) -> None:
    persian = whole_text(press_release(1397, 2))
    with translation.override("en"):
        assert whole_text(press_release(1397, 2)) == persian


def test_the_chart_of_one_month_is_of_partners_with_ten_people_or_more(
    busy: SimpleNamespace,
) -> None:
    assert press_release(1397, 2).bars_are == "months"
    assert press_release(1397, 1).bars_are == "months"  # one partner makes no chart
    course = busy.world.course(busy.agreements[INDUSTRY], (1397, 1, 21), hours=10)
    for number in range(10):
        assert press_release(1397, 1).bars_are == "months", f"{number} workers are not shown"
        busy.world.enrol(busy.world.person(), course, minutes=615)
    release = press_release(1397, 1)
    assert release.bars_are == "partners"
    shown = [(bar.label, bar.shown) for bar in release.bars]
    assert shown == [(PRISONS, "۱۲۰"), (INDUSTRY, "۱۰۳")]
    assert release.chart_title == "بیشترین آموزش با سازمان زندان‌ها: ۱۲۰ نفر ساعت"
    assert "دستگاه‌های دارای بیشترین آموزش" in release.chart_subtitle


def test_partners_of_a_later_month_are_not_told_of(busy: SimpleNamespace) -> None:
    release = press_release(1397, 2, from_month=2)
    assert release.bars_are == "months"
    assert not release.sections
    assert release.partners_title == "۲ دستگاه همکار"
    assert release.partner_list == NOT_NAMED


def test_the_chart_of_a_later_month_is_of_clusters_with_ten_people_or_more(
    busy: SimpleNamespace,
) -> None:
    services = busy.world.standard("کاربر رایانه", "خدمات", hours=40)
    course = busy.world.course(busy.agreements[GUILD], (1397, 2, 25), standard=services, hours=10)
    for number in range(10):
        release = press_release(1397, 2, from_month=2)
        assert release.bars_are == "months", f"{number} people are not shown"
        busy.world.enrol(busy.world.person(), course, minutes=600)
    release = press_release(1397, 2, from_month=2)
    assert release.bars_are == "clusters"
    assert [(bar.label, bar.shown) for bar in release.bars] == [("صنعت", "۱٬۰۹۰"), ("خدمات", "۱۰۰")]
    assert release.chart_title == "بیشترین آموزش در خوشهٔ صنعت: ۱٬۰۹۰ نفر ساعت"
    assert "خوشه‌های دارای بیشترین آموزش" in release.chart_subtitle
    assert RENDERERS["docx"][0](release)[:2] == b"PK"
    assert RENDERERS["pdf"][0](release)[:5] == b"%PDF-"
    assert press_release(1397, 2).bars_are == "months"


def test_the_chart_of_partners_has_ten_at_most(busy: SimpleNamespace) -> None:
    for number in range(11):
        partner = busy.world.partner(f"دستگاه {number:02}")
        agreement = busy.world.agreement(f"9{number}/97", partner)
        course = busy.world.course(agreement, (1397, 1, 20), hours=10)
        for _ in range(10):
            busy.world.enrol(busy.world.person(), course, minutes=60 * (30 - number))
    release = press_release(1397, 1)
    assert [bar.label for bar in release.bars] == [f"دستگاه {number:02}" for number in range(10)]
    assert len(release.partners) == 12  # the prisons too


@pytest.mark.parametrize(
    ("numbers", "title"),
    [
        ((1.0, 3.0, 2.0), "بیشترین آموزش در اردیبهشت: ۳ نفر ساعت"),
        ((3.0, 3.0), "نفر ساعت آموزش در دو ماه نخست سال ۱۳۹۷"),
        ((3.0,), "نفر ساعت آموزش در فروردین ۱۳۹۷"),
    ],
)
def test_the_chart_says_what_it_shows(numbers: tuple[float, ...], title: str) -> None:
    bars = [
        Bar(name, value, f"{'۰۱۲۳'[int(value)]}")
        for name, value in zip(MONTH_NAMES, numbers, strict=False)
    ]
    assert wording.chart_title(bars, MonthSpan(1397, 1, len(numbers)), "months") == title


def test_without_figures_there_is_no_release(busy: SimpleNamespace) -> None:
    with pytest.raises(PressError):
        press_release(1390, 2)
    with pytest.raises(FigureError):
        press_release(1397, 13)


@pytest.mark.skipif(SHARED is None, reason="the source report is not beside the checkout")
def test_no_sentence_of_the_source_report_is_copied(busy: SimpleNamespace) -> None:
    assert SHARED
    source = _words((SHARED / "source" / "press-report-alborz.fa.txt").read_text(encoding="utf-8"))
    runs = {tuple(source[at : at + 6]) for at in range(len(source) - 5)}
    release = press_release(1397, 2)
    for sentence in [*release.sentences, *release.notes]:
        own = _words(sentence)
        assert len(runs) > 200
        assert not runs & {tuple(own[at : at + 6]) for at in range(len(own) - 5)}, sentence


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", clean(text).replace("\u200c", " "))

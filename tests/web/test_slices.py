"""Parts of promises on the pages, and what was delivered of each, by hand."""

import re
from types import SimpleNamespace
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tafahom.agreements.models import Agreement, CommittedMeasure, Slice
from tafahom.agreements.parts.rules import Division, Place
from tafahom.agreements.promises.actions import amend
from tafahom.agreements.record import agreement_record
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts.queries import placeholder_values
from tafahom.figures.of_agreement import AgreementFigures, agreement_figures
from tafahom.jalali import MonthSpan, from_jalali, today
from tafahom.reports.agreements.writing import agreement_document
from tafahom.reports.definitions.commitments import commitments_table
from tafahom.web.agreements.burn_up import BurnUp, burn_up

HOURS = CommittedMeasure.PERSON_HOURS
YEAR = MonthSpan(1397, 1, 12)


def divide(
    agreement: Agreement,
    dimensions: tuple[str, ...],
    quantities: dict[Place, int],
    *,
    measure: CommittedMeasure = HOURS,
    month: int = 1,
    whole: int | None = None,
) -> None:
    amend(
        agreement,
        year=1397,
        quantities={} if whole is None else {measure: whole},
        divisions={measure: [Division(dimensions, quantities)]},
        signed_on=from_jalali(1397, 1, 1),
        effective_on=from_jalali(1397, month, 1),
        reason="تفکیک",
        by=None,
    )


def figures_of(agreement: Agreement, latest: MonthSpan = YEAR) -> AgreementFigures:
    record = agreement_record(agreement, on=today())
    return agreement_figures(record, latest, course_months=(), sees_figures=True)


def shown(agreement: Agreement, latest: MonthSpan = YEAR) -> list[tuple[object, object, object]]:
    return [
        (part.promised, part.delivered, part.realisation)
        for one in figures_of(agreement, latest).breakdowns
        for part in one.slices
    ]


def drawn(agreement: Agreement, latest: MonthSpan) -> BurnUp:
    record = agreement_record(agreement, on=today())
    found = burn_up(record, figures_of(agreement, latest))
    assert isinstance(found, BurnUp)
    return found


def test_hours_by_quarter(year: SimpleNamespace) -> None:
    """6.5 hours end in Mordad and 100 in Bahman: nothing in spring and autumn."""
    divide(year.trade, ("quarter",), {Place(quarter=n): 10 * n for n in (1, 2, 4)}, whole=70)
    assert shown(year.trade) == [(10, 0, 0.0), (20, 6.5, 32.5), (40, 100, 250.0)]
    # In Tir spring is over, summer has brought nothing yet and winter is to come.
    assert shown(year.trade, MonthSpan(1397, 1, 4)) == [
        (10, 0, 0.0),
        (20, 0, 0.0),
        (40, None, None),
    ]


def test_by_audience_cluster_county_and_both_with_quarters(year: SimpleNamespace) -> None:
    """Of the trade's persons sara is of the guild in Mordad, mina of no group, reza in Bahman."""
    guild = year.world.audiences["صنف"].pk
    county = year.world.county.pk
    quantities = {Place(audience=guild): 4}
    divide(year.trade, ("audience",), quantities, measure=CommittedMeasure.PERSONS, whole=10)
    assert shown(year.trade) == [(4, 2, 50.0)]
    year.trade.amendments.all().delete()
    Slice.objects.all().delete()
    divide(year.trade, ("audience", "quarter"), {Place(audience=guild, quarter=2): 2})
    assert shown(year.trade) == [(2, 5, 250.0)]
    Slice.objects.all().delete()
    divide(year.trade, ("cluster", "county"), {Place(cluster="test-services", county=county): 13})
    assert shown(year.trade) == [(13, 6.5, 50.0)]


def test_an_amendment_in_mid_year_changes_the_parts_from_its_day(year: SimpleNamespace) -> None:
    divide(year.trade, ("quarter",), {Place(quarter=2): 10})
    divide(year.trade, ("quarter",), {Place(quarter=2): 26, Place(quarter=4): 24}, month=7)
    assert shown(year.trade, MonthSpan(1397, 1, 6)) == [(10, 6.5, 65.0)]
    assert shown(year.trade) == [(26, 6.5, 25.0), (24, 100, 416.7)]


def test_the_line_of_the_year_follows_the_quarters(year: SimpleNamespace) -> None:
    """50 hours, all of them in winter: by Mordad nothing is due, by Bahman two thirds of it."""
    divide(year.trade, ("quarter",), {Place(quarter=4): 50})
    summer, winter = (drawn(year.trade, MonthSpan(1397, 1, month)) for month in (5, 11))
    assert (summer.forecast.due, summer.forecast.pace) == (0, "ahead")
    assert winter.forecast.due == pytest.approx(100 / 3)
    assert len(winter.promised.split()) == 5  # bends at the end of each quarter
    divide(year.trade, ("quarter",), {Place(quarter=4): 20, Place(quarter=1): 30}, month=7)
    amended = drawn(year.trade, MonthSpan(1397, 1, 6))
    assert amended.forecast.due == 0  # on the last day of Shahrivar the first still holds
    heights = [float(place.split(",")[1]) for place in amended.promised.split()]
    assert heights[0] == heights[2] > heights[3]  # flat until the amendment lifts it
    after = drawn(year.trade, MonthSpan(1397, 1, 7))
    assert after.forecast.due == 30


@pytest.fixture
def draft(year: SimpleNamespace) -> Agreement:
    Agreement.objects.filter(pk=year.trade.pk).update(state=LifeState.DRAFTING)
    year.trade.refresh_from_db()
    return year.trade


def address(agreement: Agreement, dimensions: str = "quarter") -> str:
    return reverse("web:slices", args=[agreement.uid, 1397, "person_hours", dimensions])


def test_a_draft_is_divided_on_its_page(officer: Client, draft: Agreement) -> None:
    given = {f"quarter-{at}": str(at + 1) for at in range(4)}
    said = officer.post(address(draft), given | {"quantity-0": "۳۰", "quantity-1": "۲۱"})
    text = re.sub(r"\s+", " ", said.content.decode())
    assert "۵۱" in text
    assert "۵۰" in text
    assert 'role="alert"' in text
    assert not Slice.objects.exists()
    page = officer.post(address(draft), given | {"quantity-0": "۳۰"}, follow=True)
    assert "بهار" in page.content.decode() or "Spring" in page.content.decode()
    # A part that is left out goes.
    officer.post(address(draft), given | {"quantity-3": "20", "seen": seen(officer, draft)})
    assert [(one.quarter, one.quantity) for one in Slice.objects.all()] == [(4, 20)]


def seen(client: Client, agreement: Agreement) -> str:
    """Return what the form of an agreement says it was opened with."""
    return str(client.get(address(agreement)).context["form"]["seen"].value())


def test_of_two_who_divide_at_once_the_second_is_told(officer: Client, draft: Agreement) -> None:
    given = {f"quarter-{at}": str(at + 1) for at in range(4)}
    opened = seen(officer, draft)
    assert opened == ""
    officer.post(address(draft), given | {"quantity-0": "30", "seen": opened})
    second = given | {"quantity-1": "20", "seen": opened}
    answer = officer.post(address(draft), second)
    said = answer.content.decode()
    assert "بهار: ۳۰" in said
    assert [(one.quarter, one.quantity) for one in Slice.objects.all()] == [(1, 30)]
    # The form knows by now; what is sent again is decided.
    second["seen"] = answer.context["form"]["seen"].value()
    assert second["seen"] == seen(officer, draft)
    officer.post(address(draft), second)
    assert [(one.quarter, one.quantity) for one in Slice.objects.all()] == [(2, 20)]


def test_what_is_signed_asks_for_the_amendment(officer: Client, year: SimpleNamespace) -> None:
    given = {"quarter-0": "1", "quantity-0": "50", "is_complete": "on", "signed_on": "1397/02/01",
             "effective_on": "1397/03/01", "reason": "همه در بهار"}  # fmt: skip
    bare = officer.post(address(year.trade), {"quarter-0": "1", "quantity-0": "50"})
    assert bare.status_code == 200
    page = officer.post(address(year.trade), given, follow=True).content.decode()
    assert "همه در بهار" in page
    [line] = Slice.objects.get().lines.all()
    assert (line.amendment.number, line.old, line.new) == (1, 0, 50)


@pytest.mark.parametrize("dimensions", ["age", "quarter,audience", "quarter,quarter"])
def test_other_ways_to_divide_are_not_found(
    officer: Client, year: SimpleNamespace, dimensions: str
) -> None:
    assert officer.get(address(year.trade, dimensions)).status_code == 404


def test_the_page_asks_no_more_for_many_parts(officer: Client, year: SimpleNamespace) -> None:
    page = reverse("web:agreement_detail", args=[year.trade.uid])
    audiences = list(year.world.audiences.values())

    def asked() -> int:
        officer.get(page)
        with CaptureQueriesContext(connection) as queries:
            officer.get(page)
        return sum('FROM "agreements_' in query["sql"] for query in queries)

    divide(year.trade, ("audience",), {Place(audience=audiences[0].pk): 1})
    few = asked()
    divide(year.trade, ("audience",), {Place(audience=one.pk): 7 for one in audiences}, month=2)
    assert asked() <= few


def test_commitments_leave_as_a_file_with_their_parts(
    officer: Client, year: SimpleNamespace
) -> None:
    """50 hours and 106.5 delivered; 20 of them in winter, when 100 were."""
    divide(year.trade, ("quarter",), {Place(quarter=4): 20})
    table = commitments_table(year.trade, YEAR)
    assert [row[3:] for row in table.rows] == [["", 50, 106.5, 213.0], [ANY, 20, 100, 500.0]]
    assert table.total[4:] == [50, 106.5, 213.0]
    for ending in ("csv", "xlsx"):
        file = officer.get(reverse("web:commitments_file", args=[year.trade.uid, ending]))
        assert file.status_code == 200
        assert "attachment" in file["Content-Disposition"]
    assert commitments_table(year.trade, None).rows[0][5] is None


def test_the_words_of_the_agreement_name_the_parts(year: SimpleNamespace) -> None:
    county = year.world.county
    quantities = {Place(county=county.pk, quarter=4, label="نظرآباد"): 1500}
    divide(year.trade, ("county", "quarter"), quantities, whole=2000)
    said = placeholder_values(year.trade)["commitments"]
    assert "نفر ساعت سال ۱۳۹۷ به تفکیک شهرستان و فصل: نظرآباد – زمستان ۱٬۵۰۰" in said
    tables = agreement_document(year.trade, None).tables
    assert tables[1].rows == [["نظرآباد – زمستان", "۱٬۵۰۰"]]


def test_persons_of_a_quarter_are_counted_once(year: SimpleNamespace) -> None:
    """Sara came in Mordad; when she comes in Tir too, summer still has two persons."""
    course = year.world.course(year.trade, (1397, 4, 20), hours=5)
    year.world.enrol(year.sara, course, minutes=61, audience="صنف")
    divide(year.trade, ("quarter",), {Place(quarter=2): 4, Place(quarter=4): 1},
           measure=CommittedMeasure.PERSONS, whole=5)  # fmt: skip
    divide(year.trade, ("quarter",), {Place(quarter=2): 10}, month=2)
    hours, persons = figures_of(year.trade).breakdowns
    assert [one.delivered for one in persons.slices] == [2, 1]
    # 300, 90 and 61 minutes.
    assert [one.delivered for one in hours.slices] == [451 / 60]

"""Figures as counted by hand from the ``year`` fixture."""

import json
from types import SimpleNamespace

import pytest
from pytest_django.fixtures import Settings

from figures.world import World
from tafahom.agreements.actions import move
from tafahom.agreements.levels.actions import share_out
from tafahom.agreements.models import Agreement
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.credentials.models import Certificate
from tafahom.figures import warehouse
from tafahom.figures.catalogue import MEASURES
from tafahom.figures.members import choices
from tafahom.figures.queries import figures, latest_period, untrained, years
from tafahom.figures.rules import FigureError
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MonthSpan, from_jalali
from tafahom.parties.actions import load_reference_data as load_parties
from tafahom.parties.models import County
from tafahom.training.actions import load_reference_data as load_training
from tafahom.training.models import Enrolment

TEN_MONTHS = {"year": 1397, "through_month": 10}


def by_name(query: FigureQuery, measure: str) -> dict[str, object]:
    """Return a measure by the names of the rows."""
    return {
        " / ".join(value.name for value in row.dims.values()): row.values[measure]
        for row in figures(query).rows
    }


def test_the_total_counts_people_once_and_everything_else_as_it_is(year: SimpleNamespace):
    total = figures(FigureQuery(**TEN_MONTHS)).total.values
    assert {name: total[name] for name in list(total)[:11]} == {
        "persons": 3,
        "person_courses": 5,
        "person_hours": 47,  # 600 + 630 + 1,200 + 300 + 90 minutes
        "courses": 3,
        "standards": 2,
        "partners": 2,
        "agreements": 3,
        "centres": 1,
        "sat": 2,
        "passed": 1,
        "certified": 1,
    }


def test_person_hours_are_exact_to_the_minute(year: SimpleNamespace):
    row = figures(FigureQuery(**TEN_MONTHS, where=(("partner", "اتاق اصناف ایران"),)))
    assert row.total.values["person_hours"] == 6.5
    whole = figures(FigureQuery(**TEN_MONTHS)).total.values["person_hours"]
    assert isinstance(whole, int)


def test_persons_of_rows_do_not_add_up(year: SimpleNamespace):
    table = figures(FigureQuery(**TEN_MONTHS, by=("partner",)))
    assert [row.dims["partner"].name for row in table.rows] == [
        "اتاق اصناف ایران",
        "سازمان زندان‌ها",
    ]
    assert [row.values["persons"] for row in table.rows] == [2, 2]
    assert table.total.values["persons"] == 3
    assert sum(row.values["person_hours"] or 0 for row in table.rows) == 47
    assert table.rows[0].dims["partner"].code == year.guild.uid


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        (("level",), {"استانی": 4, "ملی": 2}),
        (("agreement",), {"1/97": 2, "2/97": 1, "3/97": 3}),
        (("audience",), {"زندانی": 3, "صنف": 2, "نامشخص": 1}),
        (("gender",), {"زن": 2, "مرد": 3, "نامشخص": 1}),
        (("month",), {"اردیبهشت": 2, "مرداد": 3, "بهمن": 1}),
        (("cluster",), {"خدمات": 3, "صنعت": 3}),
        (("standard",), {"جوشکاری": 3, "کاربر رایانه": 3}),
        (("centre",), {"مرکز یک": 6}),
        (("centre_type",), {"زندان": 6}),
        (("county",), {"نظرآباد": 6}),
        (("province",), {"استان آزمون": 6}),
        (("partner_kind",), {"دولتی": 3, "صنفی": 3}),
        (("education",), {"دیپلم": 2, "نامشخص": 4}),
        (("age_band",), {"۱۵ تا ۱۹ سال": 1, "۲۰ تا ۲۴ سال": 1, "نامشخص": 4}),
        (
            ("partner", "level"),
            {
                "اتاق اصناف ایران / استانی": 3,
                "سازمان زندان‌ها / استانی": 1,
                "سازمان زندان‌ها / ملی": 2,
            },
        ),
    ],
)
def test_every_dimension_splits_the_year_in_persian_order(
    year: SimpleNamespace, by: tuple[str, ...], expected: dict[str, int]
):
    found = by_name(FigureQuery(1397, 12, by=by), "person_courses")
    assert found == expected
    assert list(found) == list(expected)


def test_codes_are_stable_and_the_unknown_has_none(year: SimpleNamespace):
    def codes(dimension: str) -> list[str]:
        table = figures(FigureQuery(1397, 12, by=(dimension,)))
        return [row.dims[dimension].code for row in table.rows]

    assert codes("month") == ["1397-02", "1397-05", "1397-11"]
    assert codes("gender") == ["female", "male", ""]
    assert codes("level") == ["provincial", "national"]
    assert codes("audience") == ["test-prisoner", "test-guild-member", ""]
    assert codes("age_band") == ["15-19", "20-24", ""]


@pytest.mark.parametrize(
    ("where", "person_courses"),
    [
        ((("partner", "سازمان زندانها"),), 3),
        ((("level", "ملی"),), 2),
        ((("level", "national"),), 2),
        ((("agreement", "۲/۹۷"),), 1),
        ((("audience", "زنداني"),), 3),
        ((("gender", "زن"), ("gender", "نامشخص")), 3),
        ((("gender", "زن"), ("level", "ملی")), 1),
        ((("month", "مرداد"),), 3),
        ((("month", "1397-05"),), 3),
        ((("month", "5"), ("month", "11")), 4),
        ((("education", "ديپلم"),), 2),
        ((("cluster", "صنعت"), ("month", "مرداد")), 0),
    ],
)
def test_filters_take_codes_and_persian_names_in_any_spelling(
    year: SimpleNamespace, where: tuple[tuple[str, str], ...], person_courses: int
):
    total = figures(FigureQuery(1397, 12, where=where)).total
    assert total.values["person_courses"] == person_courses


@pytest.mark.parametrize("said", ["لیسانس", "کارشناسی", "مدرک ليسانس"])
def test_a_level_of_education_is_found_with_what_it_was_called_before(
    year: SimpleNamespace, said: str
):
    load_training()
    for name, education in (("two_ali", "لیسانس"), ("three_mina", "کارشناسی")):
        enrolment = year.enrolments[name]
        Enrolment.objects.filter(pk=enrolment.pk).update(education=education)
        year.world.changed(enrolment.course)
    warehouse.refresh()
    total = figures(FigureQuery(1397, 12, where=(("education", said),))).total
    assert total.values["person_courses"] == 2


def test_counties_on_offer_are_ours_and_those_with_centres(
    year: SimpleNamespace, settings: Settings
):
    settings.PROVINCE_CODE = "test"
    load_parties()
    far = County.objects.get(name="ساری")
    year.world.centre("مرکز ساری", county=far)
    assert {value.name for value in choices("county")} == {"نظرآباد", "ساری"}


@pytest.mark.parametrize(
    "query",
    [
        FigureQuery(1397, 12, by=("colour",)),
        FigureQuery(1397, 12, where=(("education", "مدرکی که نیست"),)),
        FigureQuery(1397, 12, by=("partner", "partner")),
        FigureQuery(1397, 12, where=(("partner", "سازمان ناموجود"),)),
        FigureQuery(1397, 12, where=(("month", "13"),)),
        FigureQuery(1397, 13),
        FigureQuery(1397, 3, from_month=4),
        FigureQuery(2018, 3),
        FigureQuery(1397, 3, basis="guessed"),
        FigureQuery(1397, 3, attribution="never"),
    ],
)
def test_a_question_with_unknown_words_is_refused(world: World, query: FigureQuery):
    with pytest.raises(FigureError):
        figures(query)


def test_who_has_no_credited_minute_is_enrolled_and_no_person(year: SimpleNamespace):
    world = year.world
    absent = world.enrol(world.person("male"), year.two, minutes=0)
    world.enrol(year.sara, year.two, minutes=0)  # trained elsewhere
    total = figures(FigureQuery(**TEN_MONTHS)).total.values
    assert (total["persons"], total["enrolled_persons"], total["person_courses"]) == (3, 4, 7)
    assert untrained(total) == 1
    rows = by_name(FigureQuery(**TEN_MONTHS, by=("agreement",)), "persons")
    assert rows == {"1/97": 2, "2/97": 1, "3/97": 2}
    assert figures(FigureQuery(**TEN_MONTHS, basis="planned")).total.values["persons"] == 3
    absent.credited_minutes = 1
    absent.save()
    world.changed(year.two)
    assert figures(FigureQuery(**TEN_MONTHS)).total.values["persons"] == 4


def test_every_measure_says_what_it_counts() -> None:
    said = {name: str(measure.definition) for name, measure in MEASURES.items()}
    assert all(text.endswith(".") for text in said.values())
    # Commitments of both units are counted alike; nothing else is.
    assert len(set(said.values())) == len(said) - 1


def test_hours_come_on_three_bases(year: SimpleNamespace):
    def person_hours(basis: str) -> object:
        return figures(FigureQuery(**TEN_MONTHS, basis=basis)).total.values["person_hours"]

    assert person_hours("attended") == 47
    assert person_hours("planned") == 2 * 12 + 20 + 2 * 5
    assert person_hours("standard") == 2 * 80 + 40 + 2 * 40


def test_a_standard_of_unknown_hours_counts_as_planned(world: World):
    agreement = world.agreement("9", world.partner("بنیاد"))
    course = world.course(agreement, (1397, 1, 5), standard=world.standard("بی‌ساعت"), hours=30)
    world.enrol(world.person(), course)
    total = figures(FigureQuery(1397, 1, basis="standard")).total
    assert total.values["person_hours"] == 30


def test_start_attribution_moves_whole_enrolments(year: SimpleNamespace):
    found = by_name(FigureQuery(1397, 12, by=("month",), attribution="start"), "person_courses")
    assert found == {"فروردین": 2, "مرداد": 3, "بهمن": 1}


def test_session_attribution_moves_hours_and_leaves_the_enrolment(world: World):
    agreement = world.agreement("9", world.partner("بنیاد"))
    course = world.course(agreement, (1397, 3, 5), starts=(1397, 1, 5), hours=12)
    kept = world.enrol(world.person(), course, minutes=510, passed=True, marks=(9000, 9000))
    world.register(kept, [(139701, 240), (139701, 150), (139702, 120), (139703, 0)])
    world.enrol(world.person(), course, minutes=300)  # nobody kept a register

    def months(measure: str) -> dict[str, object]:
        query = FigureQuery(1397, 12, by=("month",), attribution="session")
        return by_name(query, measure)

    assert months("person_hours") == {"فروردین": 6.5, "اردیبهشت": 2, "خرداد": 5}
    assert months("person_courses") == {"فروردین": 0, "اردیبهشت": 0, "خرداد": 2}
    assert months("passed") == {"فروردین": 0, "اردیبهشت": 0, "خرداد": 1}
    # Nobody credited a minute of Khordad to the one whose sessions were before.
    assert months("persons") == {"فروردین": 1, "اردیبهشت": 1, "خرداد": 1}
    assert months("enrolled_persons") == {"فروردین": 1, "اردیبهشت": 1, "خرداد": 2}
    for attribution in ("end", "start", "session"):
        total = figures(FigureQuery(1397, 12, attribution=attribution)).total.values
        assert (total["person_hours"], total["person_courses"]) == (13.5, 2)
    first_month = figures(FigureQuery(1397, 1, attribution="session")).total.values
    assert first_month["person_hours"] == 6.5


def test_a_register_that_does_not_add_up_leaves_the_hours_where_the_course_ended(world: World):
    agreement = world.agreement("9", world.partner("بنیاد"))
    course = world.course(agreement, (1397, 3, 5), starts=(1397, 1, 5))
    world.register(world.enrol(world.person(), course, minutes=500), [(139701, 240)])
    query = FigureQuery(1397, 12, by=("month",), attribution="session")
    assert by_name(query, "person_hours") == {"خرداد": pytest.approx(500 / 60)}


def test_growth_is_against_the_same_months_of_last_year(year: SimpleNamespace):
    table = figures(FigureQuery(**TEN_MONTHS, by=("month",), compare_last_year=True))
    assert table.total.previous is not None
    assert table.total.previous["persons"] == 1
    assert table.total.growth is not None
    assert table.total.growth["persons"] == 200.0
    assert table.total.growth["person_hours"] == 370.0
    assert table.total.growth["passed"] is None
    april, july = table.rows
    assert april.dims["month"].code == "1397-02"
    assert (april.previous or {})["person_hours"] == 10
    assert (april.growth or {})["person_hours"] == 105.0
    assert (july.previous or {})["persons"] == 0


def test_what_ended_with_last_year_is_shown_as_a_fall(year: SimpleNamespace):
    table = figures(
        FigureQuery(1398, 10, by=("partner",), compare_last_year=True, where=(("level", "ملی"),))
    )
    (row,) = table.rows
    assert row.values["persons"] == 0
    assert (row.growth or {})["persons"] == -100.0


def test_realisation_is_of_the_whole_years_commitment(year: SimpleNamespace):
    table = figures(FigureQuery(**TEN_MONTHS, by=("partner",)))
    guild, prisons = (row.values for row in table.rows)
    assert prisons["committed_persons"] == 16  # nothing of the national one is shared out
    assert prisons["realisation_persons"] == 12.5
    assert prisons["realisation_person_hours"] == 40.5
    assert (guild["committed_persons"], guild["realisation_persons"]) == (None, None)
    assert (guild["committed_person_hours"], guild["realisation_person_hours"]) == (50, 13.0)
    assert table.total.values["committed_persons"] == 16
    assert table.total.values["realisation_persons"] == 18.8
    assert table.total.values["committed_person_hours"] == 150


def test_a_renewal_that_nobody_signed_moves_nothing(year: SimpleNamespace):
    def told() -> dict[str, object]:
        return figures(FigureQuery(**TEN_MONTHS)).total.values

    before = told()
    draft = renew(
        year.trade, number="3/97/2", starts_on=from_jalali(1397, 1, 1),
        ends_on=from_jalali(1397, 12, 29), by=None,
    )  # fmt: skip
    assert draft.commitments.get(year=1397).quantity == 50
    assert told() == before
    move(draft, LifeState.TERMINATED, reason="انصراف", by=None)
    assert told() == before
    Agreement.objects.filter(pk=draft.pk).update(state=LifeState.SIGNED)
    assert told() == before
    Agreement.objects.filter(pk=draft.pk).update(state=LifeState.IN_FORCE)
    assert told()["committed_person_hours"] == 200


def test_a_national_commitment_counts_once(year: SimpleNamespace):
    commitment = year.national.commitments.get(year=1397, measure="persons")
    share_out(commitment, agreement=year.child, quantity=4, by=None)
    rows = by_name(FigureQuery(**TEN_MONTHS, by=("agreement",)), "committed_persons")
    assert rows == {"1/97": 6, "2/97": 6, "3/97": None}
    assert figures(FigureQuery(**TEN_MONTHS)).total.values["committed_persons"] == 12
    # Without a commitment of its own the province carries the share itself.
    year.child.commitments.all().delete()
    rows = by_name(FigureQuery(**TEN_MONTHS, by=("agreement",)), "committed_persons")
    assert rows == {"1/97": 6, "2/97": 4, "3/97": None}
    # A draft carries nothing: the nation's promise stands.
    Agreement.objects.filter(pk=year.child.pk).update(state=LifeState.DRAFTING)
    assert figures(FigureQuery(**TEN_MONTHS)).total.values["committed_persons"] == 10


def test_a_promise_without_any_delivery_has_a_row(year: SimpleNamespace):
    year.world.agreement("4/97", year.guild, persons_1397=7)
    table = figures(FigureQuery(**TEN_MONTHS, by=("agreement",)))
    row = next(row for row in table.rows if row.dims["agreement"].code == "4/97")
    assert (row.values["persons"], row.values["realisation_persons"]) == (0, 0.0)


def test_nothing_is_promised_to_slices_finer_than_an_agreement(year: SimpleNamespace):
    by_gender = figures(FigureQuery(**TEN_MONTHS, by=("gender",)))
    assert {row.values["committed_persons"] for row in by_gender.rows} == {None}
    assert by_gender.total.values["committed_persons"] == 16
    only_women = figures(FigureQuery(**TEN_MONTHS, where=(("gender", "زن"),)))
    assert only_women.total.values["realisation_persons"] is None


def test_a_revoked_certificate_does_not_count(year: SimpleNamespace):
    certificate = Certificate.objects.get()
    certificate.revoked_at = "2020-01-01T00:00:00Z"
    certificate.save()
    year.world.changed(year.one)
    assert figures(FigureQuery(**TEN_MONTHS)).total.values["certified"] == 0


def test_an_empty_directorate_has_zeros(db: None):
    table = figures(FigureQuery(1397, 10, by=("partner",), compare_last_year=True))
    assert table.rows == []
    assert table.total.values["persons"] == 0
    assert (years(), latest_period()) == ([], None)


def test_years_and_the_latest_period_come_from_the_facts(year: SimpleNamespace):
    assert years() == [1397, 1396]
    assert latest_period() == MonthSpan(1397, 1, 11)


def test_the_json_is_the_contract(year: SimpleNamespace):
    document = figures(FigureQuery(**TEN_MONTHS, by=("level",))).as_json()
    assert json.loads(json.dumps(document)) == document
    assert document["period"] == {
        "year": 1397,
        "from_month": 1,
        "through_month": 10,
        "title": MonthSpan(1397, 1, 10).title,
    }
    assert (document["basis"], document["attribution"], document["by"]) == (
        "attended",
        "end",
        ["level"],
    )
    assert document["as_of"].endswith("+00:00")
    assert document["rows"][1]["level"] == {"code": "national", "name": "ملی"}
    assert set(document["rows"][0]) - {"level"} == set(document["total"])
    assert list(document["total"]) == [
        "persons", "person_courses", "person_hours", "courses", "standards", "partners",
        "agreements", "centres", "sat", "passed", "certified", "enrolled_persons",
        "committed_persons", "committed_person_hours", "realisation_persons",
        "realisation_person_hours",
    ]  # fmt: skip

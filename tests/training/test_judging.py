import datetime as dt

import pytest

from rosters import agreement, course, entry, national_id, prepare
from tafahom.training.rosters.actions import record_roster
from tafahom.training.rosters.queries import judge_roster

pytestmark = pytest.mark.django_db


def judge(*entries, sha256="a" * 64, pending=None):
    return judge_roster(list(entries), sha256=sha256, pending=pending)


def record(*entries, sha256="a" * 64):
    return record_roster(
        list(entries), sha256=sha256, file_name="a.xlsx", rows=len(entries), rejected=0, by=None
    ).roster_import


def codes(judgement):
    return [(problem.row, problem.code, problem.column) for problem in judgement.problems]


def test_good_rows_are_accepted_in_order():
    prepare()
    rows = [entry(row, course()) for row in (2, 3)]
    judgement = judge(*rows)
    assert judgement.accepted == rows
    assert not judgement.problems
    assert not judgement.warnings


def test_an_agreement_is_known_in_any_digits():
    prepare()
    assert judge(entry(2, course(agreement_number="۵۵۳/۹۶/۲۵۰۸"))).accepted
    assert codes(judge(entry(2, course(agreement_number="1/2/3")))) == [
        (2, "agreement.unknown", "شماره تفاهم‌نامه")
    ]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"starts_on": dt.date(2018, 3, 20)}, "تاریخ شروع"),
        ({"ends_on": dt.date(2019, 3, 21)}, "تاریخ پایان"),
    ],
)
def test_a_course_keeps_within_the_term(change, column):
    prepare()
    assert codes(judge(entry(2, course(**change)))) == [(2, "date.outside_agreement", column)]


def test_the_term_includes_its_first_and_last_day():
    prepare()
    whole = course(starts_on=dt.date(2018, 3, 21), ends_on=dt.date(2019, 3, 20))
    assert judge(entry(2, whole)).accepted


def test_the_later_of_two_equal_rows_is_refused_in_a_file_and_across_files():
    prepare()
    first, again = entry(2, course()), entry(3, course(), national_id=national_id(1002))
    again = entry(3, course(), national_id=first.national_id, last_name=first.last_name)
    assert codes(judge(first, again)) == [(3, "row.duplicate", "کد ملی")]
    pending = {}
    assert judge(first, pending=pending).accepted == [first]
    assert codes(judge(again, sha256="b" * 64, pending=pending)) == [(3, "row.duplicate", "کد ملی")]


def test_a_row_recorded_from_another_file_is_a_duplicate_and_from_this_file_is_known():
    prepare()
    row = entry(2, course())
    record(row)
    assert judge(row).already == 1
    assert codes(judge(row, sha256="b" * 64)) == [(2, "row.duplicate", "کد ملی")]


@pytest.mark.parametrize("change", [{"first_name": "زهرا"}, {"birth_date": dt.date(1991, 1, 1)}])
@pytest.mark.parametrize("recorded", [True, False])
def test_one_number_with_two_people_is_a_conflict(change, recorded):
    prepare()
    row = entry(2, course())
    other = entry(3, course("2"), national_id=row.national_id, last_name=row.last_name)
    other = entry(
        3,
        course("2"),
        **({"national_id": row.national_id, "last_name": row.last_name} | change),
    )
    if recorded:
        record(row)
        found = judge(other, sha256="b" * 64)
    else:
        found = judge(row, other)
    assert codes(found) == [(3, "identity.conflict", "کد ملی")]


def test_spelling_and_a_missing_birth_date_are_no_conflict():
    prepare()
    row = entry(2, course(), first_name="علی‌اصغر", last_name="کریمی")
    same = entry(
        3,
        course("2"),
        national_id=row.national_id,
        first_name="علي اصغر",
        last_name="كريمي",
        birth_date=None,
    )
    assert judge(row, same).accepted == [row, same]


def test_a_refused_row_claims_neither_number_nor_course():
    prepare()
    wrong = entry(2, course(agreement_number="1/2/3"), first_name="زهرا")
    right = entry(3, course(), national_id=wrong.national_id)
    assert judge(wrong, right).accepted == [right]


@pytest.mark.parametrize("recorded", [True, False])
def test_rows_of_one_course_must_agree(recorded):
    prepare()
    agreement("7/97/1")
    row = entry(2, course())
    others = [
        entry(3, course(ends_on=dt.date(2018, 6, 11))),
        entry(4, course(agreement_number="7/97/1")),
        entry(5, course(planned_minutes=3000)),
    ]
    if recorded:
        record(row)
        found = judge(*others, sha256="b" * 64)
    else:
        found = judge(row, *others)
    assert codes(found) == [(n, "course.conflict", "کد دوره") for n in (3, 4, 5)]


def test_an_audience_must_be_registered():
    prepare()
    found = judge(
        entry(2, course(), audience="زنداني"),
        entry(3, course(), audience="فضانورد"),
    )
    assert codes(found) == [(3, "audience.unknown", "گروه مخاطب")]


def test_another_partner_is_a_warning_once_a_course():
    prepare()
    facts = course(partner="سازمان بهزیستی")
    found = judge(entry(2, facts), entry(3, facts))
    assert len(found.accepted) == 2
    assert [(w.row, w.code) for w in found.warnings] == [(2, "partner.mismatch")]


def test_judging_asks_the_database_as_often_for_many_rows_as_for_few(django_assert_num_queries):
    prepare()
    facts = course()
    record(*(entry(row, facts) for row in range(2, 22)))
    for size in (5, 20):
        rows = [entry(row, facts) for row in range(2, 2 + size)]
        # import, audiences, agreements, identities, courses, enrolments, marks of attendance
        with django_assert_num_queries(19):
            judge(*rows, sha256="b" * 64)

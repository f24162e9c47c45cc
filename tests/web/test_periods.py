"""Months on pages: who may close them, what is said, and what a refused write answers."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from pages import compact
from periods.conftest import shut
from tafahom.access.rules import PERMISSIONS, Act, Role
from tafahom.exchange.closing import check_tables
from tafahom.jalali import format_date, today
from tafahom.periods import guards
from tafahom.periods.models import Adjustment, Period, Reopening
from tafahom.training.models import Enrolment

pytestmark = pytest.mark.django_db
MONTH = 139702
REASONS = {"accept-marks.one_missing": "غایب بود"}
SignIn = Callable[..., Client]


def address(name: str, month: int = MONTH) -> str:
    return reverse(f"web:period_{name}", args=["test", month])


def tomorrow() -> str:
    return format_date(today() + timedelta(days=1))


@pytest.fixture
def director(sign_in: SignIn) -> Client:
    return sign_in(Role.DIRECTOR)


def test_the_calendar_shows_each_month_with_its_courses(
    year: SimpleNamespace, officer: Client
) -> None:
    shut(year.world.province, MONTH)
    page = officer.get(reverse("web:periods"), {"province": "test"})
    months = {cell.month: cell for _year, cells in page.context["years"] for cell in cells}
    assert (months[MONTH].state, months[MONTH].courses) == ("closed", 1)
    assert (months[139705].state, months[139705].courses) == ("open", 2)
    assert set(months) == {y * 100 + m for y in (1396, 1397) for m in range(1, 13)}


def test_the_calendar_asks_as_often_for_many_months(
    year: SimpleNamespace, officer: Client, django_assert_num_queries
) -> None:
    officer.get(reverse("web:periods"), {"province": "test"})
    with django_assert_num_queries(7):
        officer.get(reverse("web:periods"), {"province": "test"})
    for month in (139703, 139705, 139706):
        shut(year.world.province, month)
    with django_assert_num_queries(7):
        officer.get(reverse("web:periods"), {"province": "test"})


def test_an_officer_begins_and_the_director_closes(
    year: SimpleNamespace, officer: Client, director: Client
) -> None:
    assert officer.post(address("begin")).status_code == 302
    page = officer.get(address("detail"))
    assert [point.code for point in page.context["points"]] == ["marks.one_missing"]
    assert reverse("web:course_detail", args=[year.one.uid]) in page.content.decode()
    assert officer.post(address("close"), REASONS).status_code == 404
    refused = director.post(address("close"))
    assert refused.status_code == 422
    assert Period.objects.get().state == "closing"
    assert director.post(address("close"), REASONS, follow=True).status_code == 200
    assert Period.objects.get().state == "closed"
    assert "غایب بود" in director.get(address("detail")).content.decode()


def test_the_page_of_a_closed_month_shows_its_tables_and_what_moved(
    year: SimpleNamespace, officer: Client
) -> None:
    period = shut(year.world.province, MONTH)
    page = officer.get(address("detail")).content.decode()
    assert period.tables.get().digest[:16] in page
    assert "notice-error" not in page
    guards.remove()
    Enrolment.objects.filter(pk=year.enrolments["one_ali"].pk).update(passed=False)
    guards.install()
    check_tables()
    moved = officer.get(address("detail"))
    assert "notice-error" in moved.content.decode()
    assert len(moved.context["moved"][1]) == 10


def test_what_was_typed_stays_when_the_month_can_not_be_closed(
    year: SimpleNamespace, director: Client
) -> None:
    year.world.course(year.trade, (1397, 2, 3))
    director.post(address("begin"))
    page = director.post(address("close"), REASONS)
    assert page.status_code == 422
    assert 'value="غایب بود"' in page.content.decode()


def test_a_correction_is_asked_by_one_and_approved_by_another(
    year: SimpleNamespace, officer: Client, director: Client
) -> None:
    shut(year.world.province, MONTH)
    wrong = officer.post(address("reopen"), {"reason": "", "until": "۱۳۹۷/۱۳/۱"})
    assert wrong.status_code == 422
    asked = officer.post(address("reopen"), {"reason": "نمره جا مانده", "until": tomorrow()})
    assert asked.status_code == 302
    reopening = Reopening.objects.get()
    approve = reverse("web:reopening_approve", args=[reopening.uid])
    assert officer.post(approve).status_code == 404
    assert director.post(approve).status_code == 302
    Enrolment.objects.filter(course=year.one).update(credited_minutes=60)
    close = reverse("web:reopening_close", args=[reopening.uid])
    page = director.post(close, follow=True)
    assert Adjustment.objects.count() == 3
    assert "<del>۲۰٫۵</del><ins>۲</ins>" in compact(page.content.decode())
    assert director.post(close).status_code == 422


def test_the_director_can_not_approve_what_the_director_asked(
    year: SimpleNamespace, director: Client
) -> None:
    shut(year.world.province, MONTH)
    director.post(address("reopen"), {"reason": "خطا", "until": tomorrow()})
    approve = reverse("web:reopening_approve", args=[Reopening.objects.get().uid])
    assert approve not in director.get(address("detail")).content.decode()
    assert director.post(approve).status_code == 422
    assert Reopening.objects.get().approved_at is None


def test_one_withdraws_only_what_one_asked(
    year: SimpleNamespace, officer: Client, director: Client
) -> None:
    shut(year.world.province, MONTH)
    officer.post(address("reopen"), {"reason": "خطا", "until": tomorrow()})
    withdraw = reverse("web:reopening_withdraw", args=[Reopening.objects.get().uid])
    assert director.post(withdraw).status_code == 404
    assert officer.post(withdraw).status_code == 302
    assert Reopening.objects.get().declined_at


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    ("name", "act"),
    [
        ("begin", Act.PREPARE_CLOSING),
        ("leave", Act.PREPARE_CLOSING),
        ("close", Act.CLOSE_PERIODS),
        ("reopen", Act.PREPARE_CLOSING),
    ],
)
def test_who_may_take_which_step(
    year: SimpleNamespace, sign_in: SignIn, role: Role, name: str, act: Act
) -> None:
    status = sign_in(role).post(address(name)).status_code
    assert (status == 404) == (role not in PERMISSIONS[act])


@pytest.mark.parametrize("month", [139700, 139713, 209712, 1])
def test_a_month_that_does_not_exist_is_not_found(
    year: SimpleNamespace, officer: Client, month: int
) -> None:
    assert officer.get(address("detail", month)).status_code == 404


def test_a_write_that_only_the_database_refuses_is_told_in_words(
    year: SimpleNamespace, officer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the month had been closed between the page's own look and its write."""
    shut(year.world.province, 139705)
    monkeypatch.setattr("tafahom.training.attendance.register.refuse_closed", lambda _months: None)
    answer = officer.post(
        reverse("web:attendance_sessions_add", args=[year.two.uid]),
        {"first": format_date(year.two.ends_on), "hours": "1"},
    )
    assert answer.status_code == 409
    assert reverse("web:periods") in answer.content.decode()

"""Pages that count people past the figures show no numbers to who could learn statuses by them."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from figures.world import record
from pages import compact
from periods.conftest import shut
from tafahom.access.models import Membership, User
from tafahom.access.rules import PERMISSIONS, Act, Role
from tafahom.parties.models import Centre
from tafahom.periods.actions import begin_closing
from tafahom.periods.models import Adjustment, Reopening
from tafahom.training.models import Course

REASON = "از شمار افراد تک‌تک دوره‌ها"
NEED_THEM = PERMISSIONS[Act.SEE_SENSITIVE_FIGURES] | PERMISSIONS[Act.SEE_PEOPLE]
READERS = sorted(PERMISSIONS[Act.SEE_REGISTERS])
GUARDED = [role for role in READERS if role not in NEED_THEM]


@pytest.fixture
def prisons(year: SimpleNamespace) -> SimpleNamespace:
    """The year, in which whom one partner sends is known to be a prisoner."""
    year.prisons.reveals_status = True
    year.prisons.save()
    return year


def numbers(client: Client) -> dict[str, int | None]:
    """The numbers of the list of courses, by uid; what is hidden is said to be."""
    page = client.get(reverse("web:courses"))
    found = {course.uid: count for course, count in page.context["rows"]}
    assert (REASON in page.text) == (None in found.values())
    assert page.text.count(">محرمانه<") == list(found.values()).count(None)
    return found


def login(user: User) -> Client:
    client = Client(headers={"accept-language": "fa"})
    client.force_login(user)
    return client


@pytest.fixture
def enter(sign_in, prisons: SimpleNamespace) -> Callable[[Role], Client]:
    """Return a function: the browser of somebody in a role; an instructor's course is the first."""
    user = User.objects.create_user(Role.INSTRUCTOR.value)
    Membership.objects.create(user=user, role=Role.INSTRUCTOR, course_uid=prisons.one.uid)
    return sign_in


def test_some_are_guarded_and_some_not() -> None:
    assert set(GUARDED) == {Role.HEADQUARTERS, Role.PLANNER, Role.PARTNER_LIAISON}


@pytest.mark.parametrize("role", READERS)
def test_the_list_of_courses(enter, prisons: SimpleNamespace, role: Role) -> None:
    """The numbers of other partners' courses would tell the same, with the totals."""
    found = numbers(enter(role))
    assert prisons.one.uid in found
    if role in GUARDED:
        assert set(found.values()) == {None}
    else:
        assert found[prisons.one.uid] == 2
        assert None not in found.values()


@pytest.mark.parametrize("role", READERS)
def test_the_page_of_a_course(enter, prisons: SimpleNamespace, role: Role) -> None:
    page = enter(role).get(reverse("web:course_detail", args=[prisons.one.uid]))
    assert page.context["count"] == (None if role in GUARDED else 2)
    assert (REASON in page.text) == (role in GUARDED)


@pytest.mark.parametrize("role", READERS)
def test_the_page_of_an_agreement(enter, prisons: SimpleNamespace, role: Role) -> None:
    page = enter(role).get(reverse("web:agreement_detail", args=[prisons.national.uid]))
    counts = {course.uid: count for course, count in page.context["courses"]}
    assert counts[prisons.one.uid] == (None if role in GUARDED else 2)
    assert (REASON in page.text) == (role in GUARDED)


@pytest.mark.parametrize("role", GUARDED)
def test_where_nothing_tells_of_people_numbers_are_shown(
    sign_in, year: SimpleNamespace, role: Role
) -> None:
    assert None not in numbers(sign_in(role)).values()


def test_a_liaison_who_sees_nothing_that_tells_is_shown_numbers(prisons: SimpleNamespace) -> None:
    user = User.objects.create_user("guild")
    Membership.objects.create(user=user, role=Role.PARTNER_LIAISON, partner=prisons.guild)
    assert numbers(login(user)) == {
        prisons.three.uid: 2,
        Course.objects.get(end_month=139711).uid: 1,
    }
    inside = record(Centre, "ندامتگاه", province=prisons.world.province, reveals_status=True)
    Course.objects.filter(pk=prisons.three.pk).update(centre=inside)
    assert set(numbers(login(user)).values()) == {None}


def test_whose_people_one_may_see_their_number_is_shown(prisons: SimpleNamespace) -> None:
    far = record(Centre, "مرکز دور", province=prisons.world.province)
    Course.objects.filter(pk=prisons.two.pk).update(centre=far)
    user = User.objects.create_user("both")
    Membership.objects.create(user=user, role=Role.PLANNER)
    Membership.objects.create(user=user, role=Role.CENTRE_CLERK, centre=far)
    found = numbers(login(user))
    assert found.pop(prisons.two.uid) == 1
    assert set(found.values()) == {None}


def month_page(client: Client, year: SimpleNamespace, month: int) -> str:
    address = reverse("web:period_detail", args=[year.world.province.code, month])
    return client.get(address).text


SEE_MONTHS = [Role.PLANNER, Role.HEADQUARTERS, Role.DIRECTOR, Role.CENTRE_CLERK]


@pytest.mark.parametrize("role", SEE_MONTHS)
def test_what_is_open_in_a_month(sign_in, prisons: SimpleNamespace, role: Role) -> None:
    for name in ("one_ali", "one_sara"):
        enrolment = prisons.enrolments[name]
        enrolment.credited_minutes = 0
        enrolment.save()
    begin_closing(province=prisons.world.province, month=139702, by=None)
    page = month_page(sign_in(role), prisons, 139702)
    assert "بدون ساعت" in page or prisons.one.title in page
    assert ("· ۲</span>" in compact(page)) == (role not in GUARDED)
    assert ('<span class="count">۲</span>' in compact(page)) == (role not in GUARDED)
    assert (REASON in page) == (role in GUARDED)


@pytest.mark.parametrize("role", SEE_MONTHS)
def test_what_a_correction_changed(
    sign_in, prisons: SimpleNamespace, reopening: Reopening, role: Role
) -> None:
    page = month_page(sign_in(role), prisons, 139702)
    assert "<ins>۳</ins>" in compact(page)
    assert ("نامِ پنهان" in page) == (role not in GUARDED)
    assert (REASON in page) == (role in GUARDED)


@pytest.fixture
def reopening(prisons: SimpleNamespace) -> Reopening:
    """A correction that changed one course of a closed month."""
    period = shut(prisons.world.province, 139702)
    asker = User.objects.create_user("asker")
    now = timezone.now()
    done = Reopening.objects.create(
        period=period, reason="…", until=now, asked_by=asker, asked_at=now,
        approved_by=User.objects.create_user("approver"), approved_at=now, closed_at=now,
    )  # fmt: skip
    for kind in Adjustment.Kind:
        Adjustment.objects.create(
            period=period, reopening=done, kind=kind, record=prisons.one.uid, name="نامِ پنهان",
            before={"persons": 2}, after={"persons": 3}, reason="…", at=now,
        )  # fmt: skip
    return done

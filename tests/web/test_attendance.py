"""The register on pages: filled in with and without JavaScript, by one and by two at once."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from pages import compact
from tafahom.access.rules import Role
from tafahom.jalali import from_jalali
from tafahom.training.attendance.actions import MarkChange, add_sessions, save_attendance
from tafahom.training.attendance.queries import marks_of
from tafahom.training.models import Attendance, Course, CourseSession, Enrolment


@pytest.fixture(autouse=True)
def _open_registers(settings) -> None:
    """The courses of the tests are long over; their registers are worked with all the same."""
    settings.NAMES_DAYS = [7, 100_000]


@pytest.fixture
def course(known: SimpleNamespace) -> Course:
    """Course one with Sara Karimi and Ali Pakzad, two sessions of four hours, no mark."""
    Enrolment.objects.filter(course=known.one).update(credited_minutes=0)
    days = [from_jalali(1397, 1, 20), from_jalali(1397, 2, 3)]
    add_sessions(course=known.one, days=days, minutes=240, by=None)
    return known.one


def page(name: str, course: Course, *more: int) -> str:
    return reverse(f"web:attendance{name}", args=[course.uid, *more])


def form_of(html: str) -> dict[str, str]:
    """What a browser without JavaScript would send from the form of marks."""
    found = compact(html)
    found = found[found.index("attendance/save/") :]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', found))
    fields |= dict(
        re.findall(r'<input type="text" name="([\w-]+)" id="[^"]*" value="([^"]*)"', found)
    )
    radios = re.findall(r'<input type="radio" name="([\w-]+)" value="(\w*)" checked', found)
    return fields | dict(radios)


def load(client: Client, address: str) -> dict[str, str]:
    response = client.get(address)
    assert response.status_code == 200
    return form_of(response.content.decode())


def cell(course: Course, who: str, session: int) -> str:
    row = course.enrolments.order_by("pk")[("ali", "sara").index(who)]
    held = course.sessions.get(ordinal=session)
    return f"m-{row.pk}-{held.pk}"


def marks(course: Course) -> list[str]:
    return sorted(cell.mark for cell in marks_of(course).values())


def test_letters_of_either_language_are_marks(officer: Client, course: Course) -> None:
    form = load(officer, page("", course))
    form[cell(course, "ali", 1)] = "ح"
    form[cell(course, "ali", 2)] = " A "
    form[cell(course, "sara", 1)] = "ت"
    form[cell(course, "sara", 2)] = "e"
    response = officer.post(page("_save", course), form, follow=True)
    assert "۴" in str(next(iter(response.context["messages"])))
    assert marks(course) == ["absent", "excused", "late", "present"]
    again = load(officer, page("", course))
    assert again[cell(course, "sara", 2)] == "م"
    credited = course.enrolments.order_by("pk").values_list("credited_minutes", flat=True)
    assert list(credited) == [240, 240]


def test_what_is_no_mark_is_said_and_nothing_typed_is_lost(officer: Client, course: Course) -> None:
    form = load(officer, page("", course))
    form[cell(course, "ali", 1)] = "<b>"
    form[cell(course, "ali", 2)] = "غ"
    response = officer.post(page("_save", course), form)
    assert response.status_code == 422
    html = response.content.decode()
    assert f'href="#{cell(course, "ali", 1)}"' in html
    assert "<b>" not in html
    kept = form_of(html)
    assert kept[cell(course, "ali", 1)] == escape("<b>")
    assert kept[cell(course, "ali", 2)] == "غ"
    assert kept["seen"] == form["seen"]
    assert not Attendance.objects.exists()


def test_two_clerks_decide_what_they_marked_differently(sign_in, course: Course) -> None:
    clerk, officer = sign_in(Role.CENTRE_CLERK), sign_in(Role.AGREEMENTS_OFFICER)
    hers, his = load(clerk, page("", course)), load(officer, page("", course))
    hers |= {cell(course, "ali", 1): "ح", cell(course, "ali", 2): "ح"}
    assert clerk.post(page("_save", course), hers).status_code == 302
    his |= {cell(course, "ali", 1): "غ", cell(course, "sara", 1): "م"}
    response = officer.post(page("_save", course), his)
    assert response.status_code == 409
    assert marks(course) == ["excused", "present", "present"]
    decide = form_of(response.content.decode())
    assert decide[cell(course, "ali", 1)] == "present"
    decide[cell(course, "ali", 1)] = "absent"
    assert officer.post(page("_save", course), decide).status_code == 302
    assert marks(course) == ["absent", "excused", "present"]


def test_marks_of_others_survive_a_form_that_came_back_with_faults(sign_in, course: Course) -> None:
    clerk, officer = sign_in(Role.CENTRE_CLERK), sign_in(Role.AGREEMENTS_OFFICER)
    his = load(officer, page("", course))
    hers = load(clerk, page("", course)) | {cell(course, "ali", 1): "ح"}
    clerk.post(page("_save", course), hers)
    his[cell(course, "sara", 1)] = "؟"
    again = form_of(officer.post(page("_save", course), his).content.decode())
    again[cell(course, "sara", 1)] = "غ"
    officer.post(page("_save", course), again)
    assert marks(course) == ["absent", "present"]


def test_one_session_is_filled_in_by_choices(officer: Client, course: Course) -> None:
    form = load(officer, page("_session", course, 1))
    form[cell(course, "ali", 1)] = "absent"
    response = officer.post(page("_save", course), form | {"rest": "present", "then": "2"})
    assert response.headers["Location"] == page("_session", course, 2)
    assert marks(course) == ["absent", "present"]
    # What is marked stays when the rest is marked again.
    form = load(officer, page("_session", course, 1))
    officer.post(page("_save", course), form | {"rest": "present"})
    assert marks(course) == ["absent", "present"]


def hidden(html: str) -> dict[str, list[str]]:
    """What the page that asks sends back."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(
        r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', compact(html)
    ):
        found.setdefault(name, []).append(value)
    return found


def credited(course: Course) -> list[int]:
    return list(course.enrolments.order_by("pk").values_list("credited_minutes", flat=True))


def test_hours_of_a_roster_give_way_when_it_was_shown_whose(
    officer: Client, course: Course
) -> None:
    Enrolment.objects.filter(course=course).update(credited_minutes=600)
    form = load(officer, page("_session", course, 1)) | {cell(course, "ali", 1): "present"}
    response = officer.post(page("_save", course), form | {"then": "2"})
    assert response.status_code == 409
    html = response.content.decode()
    assert "پاکزاد" in html
    assert "کریمی" not in html
    assert response.context["preview"].difference == 240 - 600
    assert credited(course) == [600, 600]
    response = officer.post(page("_save", course), hidden(html))
    assert response.headers["Location"] == page("_session", course, 2)
    assert credited(course) == [240, 600]


def test_going_back_from_the_question_keeps_the_marks(officer: Client, course: Course) -> None:
    Enrolment.objects.filter(course=course).update(credited_minutes=600)
    form = load(officer, page("", course)) | {cell(course, "ali", 1): "ت"}
    asked = hidden(officer.post(page("_save", course), form).content.decode())
    response = officer.post(page("_save", course), asked | {"back": "1"})
    assert response.status_code == 200
    assert form_of(response.content.decode())[cell(course, "ali", 1)] == "ت"
    assert not Attendance.objects.exists()


def test_what_changed_while_somebody_looked_is_shown_again(officer: Client, course: Course) -> None:
    Enrolment.objects.filter(course=course).update(credited_minutes=600)
    form = load(officer, page("", course)) | {cell(course, "ali", 1): "ح"}
    asked = hidden(officer.post(page("_save", course), form).content.decode())
    Enrolment.objects.filter(course=course).update(credited_minutes=480)
    response = officer.post(page("_save", course), asked)
    assert response.status_code == 409
    assert response.context["is_stale"]
    officer.post(page("_save", course), hidden(response.content.decode()))
    assert credited(course) == [240, 480]


def test_reported_hours_are_restored_from_the_register_page(
    officer: Client, sign_in, course: Course
) -> None:
    Enrolment.objects.filter(course=course).update(credited_minutes=600)
    assert page("_restore", course) not in officer.get(page("", course)).content.decode()
    form = load(officer, page("", course)) | {cell(course, "sara", 1): "ح"}
    asked = hidden(officer.post(page("_save", course), form).content.decode())
    officer.post(page("_save", course), asked)
    assert credited(course) == [600, 240]
    assert page("_restore", course) in officer.get(page("", course)).content.decode()
    looked = officer.get(page("_restore", course)).content.decode()
    assert "کریمی" in looked
    assert credited(course) == [600, 240]
    officer.post(page("_restore", course), {"confirmed": "what nobody saw"})
    assert credited(course) == [600, 240]
    officer.post(page("_restore", course), hidden(looked))
    assert credited(course) == [600, 600]
    assert page("_restore", course) not in officer.get(page("", course)).content.decode()
    auditor = sign_in(Role.AUDITOR)
    assert auditor.get(page("_restore", course)).status_code == 404


def test_sessions_are_added_for_the_days_of_a_week(officer: Client, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(planned_minutes=6000)
    form = {"first": "۱۳۹۷/۰۱/۲۵", "last": "1397/02/10", "hours": "۱:۳۰", "weekdays": ["5", "0"]}
    response = officer.post(page("_sessions_add", course), form)
    assert response.status_code == 302
    added = CourseSession.objects.filter(course=course, minutes=90)
    assert {one.held_on.weekday() for one in added} == {5, 0}
    # Of six such days one has a session already.
    assert added.count() == 5


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"first": "1396/01/01", "hours": "2"}, 422),
        ({"first": "nonsense", "hours": "2"}, 422),
        ({"first": "1397/01/21", "hours": "nan"}, 422),
        ({"first": "1397/01/21", "hours": "1e400"}, 422),
        ({"first": "1397/01/21", "hours": "4.5"}, 422),
        ({"first": "1397/01/20", "hours": "1"}, 422),
        ({"first": "1397/01/20", "hours": "1", "again": "1"}, 302),
        ({"first": "1397/01/22", "last": "1397/01/21", "hours": "1"}, 422),
    ],
)
def test_sessions_that_cannot_be_are_refused_and_kept(
    officer: Client, course: Course, form: dict[str, str], status: int
) -> None:
    response = officer.post(page("_sessions_add", course), form)
    assert response.status_code == status
    assert course.sessions.count() == (3 if status == 302 else 2)
    if status == 422:
        assert f'value="{form["first"]}"' in response.content.decode()


def test_only_an_empty_session_can_be_removed(officer: Client, course: Course) -> None:
    who = course.enrolments.first()
    held = course.sessions.get(ordinal=1)
    assert who
    save_attendance(course=course, changes=[MarkChange(who.pk, held.pk, "late", "")], by=None)
    officer.post(page("_session_remove", course, 1))
    officer.post(page("_session_remove", course, 2))
    assert list(course.sessions.values_list("ordinal", flat=True)) == [1]


def test_many_sessions_added_by_mistake_go_at_once(officer: Client, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(planned_minutes=6000)
    form = {"first": "1397/01/25", "last": "1397/02/10", "hours": "1"}
    officer.post(page("_sessions_add", course), form | {"weekdays": list("0123456")})
    who = course.enrolments.first()
    held = course.sessions.get(ordinal=1)
    assert who
    save_attendance(course=course, changes=[MarkChange(who.pk, held.pk, "late", "")], by=None)
    assert page("_sessions_remove", course) in officer.get(page("", course)).content.decode()
    officer.post(page("_sessions_remove", course))
    assert list(course.sessions.values_list("ordinal", flat=True)) == [1]
    answer = officer.post(page("_sessions_remove", course), follow=True)
    assert answer.status_code == 200
    assert page("_sessions_remove", course) not in answer.content.decode()


def test_who_may_only_see_gets_no_form_and_no_way_to_save(sign_in, course: Course) -> None:
    auditor = sign_in(Role.AUDITOR)
    for address in (page("", course), page("_session", course, 1)):
        html = auditor.get(address, {"names": "show"}).content.decode()
        assert "attendance/save/" not in html
        assert "کریمی" in html
    assert auditor.post(page("_save", course), {}).status_code == 404
    assert auditor.post(page("_sessions_add", course), {}).status_code == 404
    assert auditor.post(page("_session_remove", course, 1)).status_code == 404
    assert auditor.post(page("_sessions_remove", course)).status_code == 404
    assert sign_in(Role.PUBLIC_RELATIONS).get(page("", course)).status_code == 404


@pytest.mark.parametrize("seen", ["x", "1|2:z", "1,2|3:p", "1|a:p"])
def test_what_no_form_of_ours_sends_is_refused(officer: Client, course: Course, seen: str) -> None:
    assert officer.post(page("_save", course), {"seen": seen}).status_code == 400


def test_a_session_that_is_not_there_is_not_found(officer: Client, course: Course) -> None:
    assert officer.get(page("_session", course, 9)).status_code == 404


def test_a_full_class_asks_as_often_as_an_empty_one(
    officer: Client, course: Course, world, django_assert_max_num_queries
) -> None:
    with django_assert_max_num_queries(16):
        officer.get(page("", course))
    Course.objects.filter(pk=course.pk).update(planned_minutes=60_000)
    form = {"first": "1397/01/15", "last": "1397/02/31", "hours": "2", "again": "1"}
    officer.post(page("_sessions_add", course), form | {"weekdays": list("0123456")})
    for _ in range(10):
        world.enrol(world.person(), course, minutes=0)
    with django_assert_max_num_queries(16):
        html = officer.get(page("", course)).content.decode()
    assert compact(html).count('type="text" name="m-') == 12 * course.sessions.count()


def test_a_wide_register_comes_in_parts(officer: Client, course: Course) -> None:
    Course.objects.filter(pk=course.pk).update(
        planned_minutes=60_000, ends_on=from_jalali(1397, 5, 31)
    )
    form = {"first": "1397/01/15", "last": "1397/05/31", "hours": "2", "again": "1"}
    officer.post(page("_sessions_add", course), form | {"weekdays": list("0123456")})
    count = course.sessions.count()
    first = load(officer, page("", course))
    last = load(officer, page("", course) + "?part=99")
    cells = [sum(name.startswith("m-") for name in part) for part in (first, last)]
    assert cells == [2 * 62, 2 * (count - 124)]
    name = max(name for name in last if name.startswith("m-"))
    officer.post(page("_save", course), last | {name: "ح"})
    assert marks(course) == ["present"]

"""A directorate with all that pages show, one month of which is closed and one open."""

from datetime import timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from registers import save_agreed
from roster_files import line, roster, write_roster
from tafahom.access.models import User
from tafahom.agreements.models import Agreement
from tafahom.exchange import closing, tasks
from tafahom.exchange.rosters import staging
from tafahom.exchange.rosters.actions import import_rosters
from tafahom.jalali import from_jalali
from tafahom.parties.models import Province
from tafahom.periods import actions
from tafahom.periods.models import Reopening
from tafahom.privacy.actions import retention_requests
from tafahom.training.attendance.actions import MarkChange, add_sessions
from tafahom.training.models import Course, CourseSession, RegistryLoad, RosterImport
from tafahom.training.registries.loading import load
from web.directorate import NOWHERE, Directorate, build

# The month of the records, one that is open, one whose closing has begun, one being corrected and
# one that is to be.
CLOSED, OPEN, BEGUN, CORRECTED, ASKED = 139705, 139706, 139707, 139704, 139703
NUMBER = "3/97"


def open_office(folder: Path) -> Directorate:
    """Make the directorate; its own records are of the closed month, "other_course" of the open.

    Rosters came in for both months, registers were filled in, and a file changed a partner's kind,
    all before the month was closed.
    """
    directorate = build()
    _move_to_open_month(directorate.records["course"]["other_course"])
    for variant in ("own", "other_course"):
        _fill_in(directorate.records["course"][variant])
    _sign(directorate.records["agreement"]["other_agreement"])
    _sign(directorate.records["agreement"]["other_partner"])
    _add_bare_draft(directorate)
    add_sessions(
        course=directorate.records["course"]["other_course"],
        days=[from_jalali(1397, 6, day) for day in (12, 14)],
        minutes=60,
        by=None,
    )
    for variant, month in (("own", "05"), ("other_course", "06")):
        taken = _send(folder / f"{month}.csv", month)
        directorate.add("roster_import", variant, taken, NOWHERE)
    directorate.add("load", "own", _change_a_partner(folder / "partners.csv"), NOWHERE)
    for province in Province.objects.filter(pk__in=provinces()):
        _shut(province, CLOSED)
    _leave_months_half_way(directorate)
    return directorate


def provinces() -> list[int]:
    """Return the provinces whose month is closed."""
    return list(Province.objects.filter(code__in=("test", "other")).values_list("pk", flat=True))


def add_uploads(directorate: Directorate, *, by: User) -> None:
    """Add checked uploads: one for the closed month, with other hours, and one for the open."""
    for variant, month in (("own", "05"), ("other_course", "06")):
        rows = roster_lines(month, 1, 2, 3, **{"ساعت حضور": "95"})
        staged = staging.stage([SimpleUploadedFile(f"{month}.csv", roster(*rows))], by=by)
        tasks.check_staged.enqueue(staged.uid)
        directorate.add("staged", variant, staged, NOWHERE)


def add_requests(directorate: Directorate, *, by: User) -> None:
    """Add what ``by`` asked for and another may approve."""
    course = directorate.records["course"]["own"]
    people = list(course.enrolments.values_list("person__uid", flat=True))
    request = retention_requests.request_erasure(people=people, reference="۱۲", by=by)
    directorate.add("retention_request", "own", request, NOWHERE)
    province = course.centre.province
    _shut(province, ASKED)
    directorate.add("reopening", "other_course", _ask(province, ASKED, by), NOWHERE)


def _leave_months_half_way(directorate: Directorate) -> None:
    province = directorate.records["province"]["own"]
    actions.begin_closing(province=province, month=BEGUN, by=None)
    _shut(province, CORRECTED)
    asker, other = (User.objects.create(username=f"half-way-{number}") for number in (1, 2))
    asked = _ask(province, CORRECTED, asker)
    closing.approve_reopening(asked, by=other)
    directorate.add("reopening", "other_agreement", asked, NOWHERE)


def _ask(province: Province, month: int, by: User) -> Reopening:
    until = timezone.now() + timedelta(days=1)
    return actions.ask_reopening(province=province, month=month, reason="خطا", until=until, by=by)


def _shut(province: Province, month: int) -> None:
    """Close a month with whatever is open in it."""
    actions.begin_closing(province=province, month=month, by=None)
    points = closing.open_points(province=province, month=month)
    accepted = {point.code: "بررسی شد" for point in points}
    closing.close(province=province, month=month, accepted=accepted, by=None)


def roster_lines(month: str, *serials: int, **changes: str) -> list[dict[str, str]]:
    """Rows of a roster of a course that is held in a month of 1397, such as "05"."""
    days = {"تاریخ شروع": f"1397/{month}/01", "تاریخ پایان": f"1397/{month}/25"}
    course = {"کد دوره": f"1397{month}", "شماره تفاهم‌نامه": NUMBER, "نام مرکز": "مرکز یک"}
    return [line(serial, **(days | course | changes)) for serial in serials]


def _send(path: Path, month: str) -> RosterImport:
    [report] = import_rosters([write_roster(path, *roster_lines(month, 1, 2))], by=None)
    assert report.accepted == 2, report
    return RosterImport.objects.latest("pk")


def _move_to_open_month(course: Course) -> None:
    day = from_jalali(1397, 6, 25)
    start = from_jalali(1397, 6, 1)
    Course.objects.filter(pk=course.pk).update(
        starts_on=start, ends_on=day, start_month=OPEN, end_month=OPEN
    )
    CourseSession.objects.filter(course=course).update(held_on=from_jalali(1397, 6, 10), month=OPEN)


def _fill_in(course: Course) -> None:
    """Mark everybody present: the register's hours take the place of reported ones."""
    course.refresh_from_db()
    [session] = course.sessions.all()
    for enrolment in course.enrolments.all():
        save_agreed(course, [MarkChange(enrolment.pk, session.pk, "present", "")])


def _add_bare_draft(directorate: Directorate) -> None:
    """Add a draft on which nothing depends."""
    like = directorate.records["agreement"]["own"]
    bare = Agreement.objects.create(
        number="10/97", key="10/97", partner=like.partner, level=like.level, state="drafting",
        province=like.province, starts_on=like.starts_on, ends_on=like.ends_on,
    )  # fmt: skip
    directorate.add("agreement", "other_course", bare, NOWHERE)


def _sign(agreement: Agreement) -> None:
    Agreement.objects.filter(pk=agreement.pk).update(state="in_force", level="national")


def _change_a_partner(path: Path) -> RegistryLoad:
    path.write_text("name,kind\nدستگاه دو,صنفی\n", encoding="utf-8")
    report = load("partners", path, by=None)
    assert report.changed == 1, report
    return RegistryLoad.objects.get(uid=report.load_uid)

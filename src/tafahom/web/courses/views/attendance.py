"""The register of a course: who was there, session by session."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.gate import names
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.training.attendance.actions import (
    Saved,
    add_sessions,
    remove_empty_sessions,
    remove_session,
    save_attendance,
)
from tafahom.training.attendance.queries import replaced_hours, replaced_rows
from tafahom.training.attendance.reported import (
    HoursPreview,
    hours_rows,
    preview_restore,
    restore_reported_hours,
)
from tafahom.training.courses.queries import courses
from tafahom.training.models import Course
from tafahom.web.courses import register as registers
from tafahom.web.courses.forms import SessionsForm
from tafahom.web.courses.reported_hours import sent_again
from tafahom.web.shell.asked import whole
from tafahom.web.shell.forms import refuse
from tafahom.web.shell.templatetags.tafahom import number


@require_GET
@requires(Act.SEE_PEOPLE)
def attendance(request: HttpRequest, uid: str) -> HttpResponse:
    """Show the register of a course, to fill in for those who may; ``part`` of a wide one."""
    course, part = _course(uid), whole(request.GET.get("part")) or 0
    if not names.are_shown(request, course):
        return _closed(request, course)
    return _page(request, course, part=part)


@require_GET
@requires(Act.SEE_PEOPLE)
def attendance_session(request: HttpRequest, uid: str, ordinal: int) -> HttpResponse:
    """Show one session of a register: what fits a phone."""
    course = _course(uid)
    if not names.are_shown(request, course):
        return _closed(request, course)
    return _session_page(request, course, ordinal)


@require_POST
@requires(Act.RECORD_ATTENDANCE)
def attendance_save(request: HttpRequest, uid: str) -> HttpResponse:
    """Take marks, of the whole register or of one session.

    What was typed is kept when it cannot be taken; cells that somebody else changed meanwhile
    are put to the reader with both values. Hours of a roster are replaced only after a page has
    shown whose, and by how much.
    """
    course = _course(uid)
    names.are_shown(request, course)  # who saves works with it, and goes on to another page
    ordinal, part = (
        (whole(request.POST.get("session")) or 0),
        (whole(request.POST.get("part")) or 0),
    )
    rest = request.POST.get("rest", "")
    try:
        sent = registers.changes_in(request.POST, rest=rest if rest in registers.PERSIAN else "")
    except ValueError as error:
        raise BadRequest("not a form of ours") from error
    shown: dict[str, Any] = {"sent": sent}
    if "back" in request.POST:
        shown["is_back"] = True
    elif sent.wrong:
        shown["refusal"] = _("What was typed in some cells is no mark. Nothing was saved yet.")
    else:
        try:
            saved = save_attendance(
                course=course,
                changes=sent.changes,
                by=account_of(request),
                confirmed=request.POST.get("confirmed", ""),
            )
        except Refusal as refusal:
            if "preview" in refusal.params:
                return _ask(request, course, refusal, sent)
            shown["refusal"] = sentence(refusal)
        else:
            _tell(request, saved)
            if saved.conflicts:
                return _conflicts(request, course, saved)
            return redirect(_next(request, course, ordinal, part))
    if ordinal:
        return _session_page(request, course, ordinal, **shown)
    return _page(request, course, part=part, **shown)


@require_POST
@requires(Act.RECORD_ATTENDANCE)
def attendance_sessions_add(request: HttpRequest, uid: str) -> HttpResponse:
    """Add sessions to a register."""
    course = _course(uid)
    form = SessionsForm(request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            count = add_sessions(
                course=course,
                days=given["days"],
                minutes=given["hours"],
                by=account_of(request),
                again_on_a_day=given["again"],
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            text = ngettext("{n} session was added.", "{n} sessions were added.", count)
            messages.success(request, text.format(n=number(count)))
            return redirect("web:attendance", uid=uid)
    return _page(request, course, form=form)


@require_POST
@requires(Act.RECORD_ATTENDANCE)
def attendance_session_remove(request: HttpRequest, uid: str, ordinal: int) -> HttpResponse:
    """Remove a session in which nobody is marked."""
    try:
        remove_session(course=_course(uid), ordinal=ordinal, by=account_of(request))
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The session was removed."))
    return redirect("web:attendance", uid=uid)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.RECORD_ATTENDANCE)
def attendance_restore(request: HttpRequest, uid: str) -> HttpResponse:
    """Show whose reported hours would count again, and restore them when that is confirmed."""
    course, is_stale = _course(uid), False
    try:
        preview = preview_restore(course)
        if request.method == "POST":
            restore_reported_hours(
                course=course,
                confirmed=request.POST.get("confirmed", ""),
                by=account_of(request),
            )
            messages.success(request, _("The reported hours count again."))
            return redirect("web:attendance", uid=uid)
    except Refusal as refusal:
        if "preview" not in refusal.params:
            messages.error(request, sentence(refusal))
            return redirect("web:attendance", uid=uid)
        preview, is_stale = refusal.params["preview"], True
    context = _hours(request, course, preview) | {
        "is_restoring": True,
        "is_stale": is_stale,
        "action": reverse("web:attendance_restore", args=[uid]),
    }
    status = 409 if is_stale else 200
    return render(request, "courses/attendance_hours.html", context, status=status)


def _ask(
    request: HttpRequest, course: Course, refusal: Refusal, sent: registers.SentMarks
) -> HttpResponse:
    """Show whose hours the marks would change; the form there sends them again, confirmed."""
    kept = ("session", "part", "then")
    context = _hours(request, course, refusal.params["preview"]) | {
        "is_stale": refusal.code == "hours.changed",
        "action": reverse("web:attendance_save", args=[course.uid]),
        "fields": [(name, request.POST[name]) for name in kept if name in request.POST],
        "marks": list(sent_again(sent.changes)),
    }
    return render(request, "courses/attendance_hours.html", context, status=409)


def _hours(request: HttpRequest, course: Course, preview: HoursPreview) -> dict[str, Any]:
    rows = hours_rows(course, preview)
    names.read(request, [row.person_id for row in rows], where=f"register:{course.uid}")
    return {
        "course": course,
        "preview": preview,
        "rows": rows,
        "before": sum(change.before for change in preview.changes),
        "after": sum(change.after for change in preview.changes),
    }


@require_POST
@requires(Act.RECORD_ATTENDANCE)
def attendance_sessions_remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Remove all sessions in which nobody is marked: the way back from adding many."""
    try:
        count = remove_empty_sessions(course=_course(uid), by=account_of(request))
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        text = ngettext("{n} session was removed.", "{n} sessions were removed.", count)
        messages.success(request, text.format(n=number(count)))
    return redirect("web:attendance", uid=uid)


def _course(uid: str) -> Course:
    return get_object_or_404(courses(), uid=uid)


def _page(
    request: HttpRequest,
    course: Course,
    *,
    part: int = 1,
    form: SessionsForm | None = None,
    **shown: Any,
) -> HttpResponse:
    register = registers.register_page(course, part=part)
    _read(request, register)
    context = _context(request, register, **shown)
    replaced = replaced_hours(course)
    context |= {
        "replaced": replaced,
        "replaced_rows": replaced_rows(course),
        "may_restore": context["may_record"] and any(one.restored < one.count for one in replaced),
        "months": registers.months_of(register.columns),
        "empty_sessions": sum(column.is_empty for column in register.sessions),
        "form": form or SessionsForm(),
        "weekdays": registers.WEEKDAYS,
        "chosen_weekdays": (form.data.getlist("weekdays") if form else []),  # type: ignore[attr-defined]  # bound to what was posted
    }
    failed = (bool(shown) and "is_back" not in shown) or form is not None
    return render(request, "courses/attendance.html", context, status=422 if failed else 200)


def _session_page(request: HttpRequest, course: Course, ordinal: int, **shown: Any) -> HttpResponse:
    register = registers.register_page(course, ordinal=ordinal)
    if not register.columns:
        raise Http404
    _read(request, register)
    context = _context(request, register, **shown)
    column = register.columns[0]
    context |= {
        "column": column,
        "before": _neighbour(register, column.number - 1),
        "after": _neighbour(register, column.number + 1),
    }
    status = 422 if shown and "is_back" not in shown else 200
    return render(request, "courses/attendance_session.html", context, status=status)


def _closed(request: HttpRequest, course: Course) -> HttpResponse:
    """Offer to show a register whose work is over."""
    asked = request.GET.copy()
    asked["names"] = "show"
    context = {"course": course, "address": f"?{asked.urlencode()}"}
    return render(request, "courses/attendance_closed.html", context)


def _read(request: HttpRequest, register: registers.Register) -> None:
    """Record that who asks reads the names of a register."""
    ids = [line.enrolment.person_id for line in register.lines]
    names.read(request, ids, where=f"register:{register.course.uid}")


def _context(request: HttpRequest, register: registers.Register, **shown: Any) -> dict[str, Any]:
    sent = shown.get("sent")
    if sent:
        registers.keep_typed(register, sent)
    return {
        "course": register.course,
        "register": register,
        "choices": registers.choices(),
        "may_record": allows(request, Act.RECORD_ATTENDANCE),
        "sent_wrong": [
            (line, box) for line in register.lines for box in line.boxes if box.is_wrong
        ],
        "refusal": shown.get("refusal", ""),
    }


def _conflicts(request: HttpRequest, course: Course, saved: Saved) -> HttpResponse:
    register = registers.register_page(course)
    _read(request, register)
    context = {
        "course": course,
        "rows": registers.conflict_rows(register, saved.conflicts),
        "saved": saved,
        "session": request.POST.get("session", ""),
        "part": request.POST.get("part", ""),
    }
    return render(request, "courses/attendance_conflicts.html", context, status=409)


def _tell(request: HttpRequest, saved: Saved) -> None:
    if saved.changed:
        text = ngettext("{n} mark was saved.", "{n} marks were saved.", saved.changed)
        messages.success(request, text.format(n=number(saved.changed)))
    elif not saved.conflicts and not saved.gone:
        messages.info(request, _("Nothing had changed."))
    if saved.gone:
        text = ngettext(
            "{n} mark is of a person or session that is not there any more.",
            "{n} marks are of persons or sessions that are not there any more.",
            saved.gone,
        )
        messages.warning(request, text.format(n=number(saved.gone)))


def _next(request: HttpRequest, course: Course, ordinal: int, part: int) -> str:
    """Return where to go after saving: on to another session where that was asked for."""
    goal = (whole(request.POST.get("then")) or 0) or ordinal
    if goal:
        return reverse("web:attendance_session", args=[course.uid, goal])
    address = reverse("web:attendance", args=[course.uid])
    return f"{address}?part={part}" if part > 1 else address


def _neighbour(register: registers.Register, place: int) -> registers.RegisterColumn | None:
    return register.sessions[place - 1] if 1 <= place <= len(register.sessions) else None

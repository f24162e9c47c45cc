"""Rosters on their way in: upload, look at what was found, record, undo."""

import contextlib
import io

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.queries import newest_numbers
from tafahom.audit.actions import record_reading
from tafahom.exchange import tasks
from tafahom.exchange.models import StagedFile, StagedImport, StagedState
from tafahom.exchange.rosters import staging, storage
from tafahom.exchange.rosters.accounting import add_up, row_kinds
from tafahom.exchange.rosters.actions import undo
from tafahom.exchange.rosters.messages import undo_refusal
from tafahom.exchange.rosters.queries import (
    imports_named,
    imports_of,
    losses,
    open_imports_of,
    staged_imports_of,
    unconfirmed_answers,
)
from tafahom.exchange.rosters.summaries import ProblemLine, lines
from tafahom.gate.permissions import account_of, allows, requires, seen_by
from tafahom.parties.queries import centre_names
from tafahom.people import vault
from tafahom.periods.messages import closed_sentence
from tafahom.periods.rules import PeriodClosedError
from tafahom.persian import LONGEST_SEARCH
from tafahom.training.rosters.actions import UndoRefusedError
from tafahom.web.imports.forms.upload import MAX_FILES, UploadForm
from tafahom.web.imports.page import FileRow, file_row
from tafahom.web.shell import lists

IN_WORK = (StagedState.STAGED, StagedState.COMMITTING)
MAX_OPEN, MAX_OFFERED = 20, 300
REJECTED = ("names", "national_id", "fida_code", "father_name", "birth_date", "mobile", "audience")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.IMPORT_ROSTERS)
def imports(request: HttpRequest) -> HttpResponse:
    """Take files; show what is on its way and what was recorded."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            staged = staging.stage(form.cleaned_data["files"], by=account_of(request))
            tasks.check_staged.enqueue(staged.uid)
            return redirect("web:import_detail", uid=staged.uid)
    user, is_officer = account_of(request), _is_officer(request)
    with seen_by(request, Act.DECIDE_ROSTER_ANSWERS):
        to_confirm = unconfirmed_answers(besides=user).count()
    text = request.GET.get("q", "")[:LONGEST_SEARCH]
    context = {
        "form": form,
        "most_files": MAX_FILES,
        "largest_mb": storage.LARGEST_FILE >> 20,
        "waiting": open_imports_of(user, all_of_them=is_officer)[:MAX_OPEN],
        "listing": lists.paginate(request, imports_named(text, user, all_of_them=is_officer)),
        "may_undo": is_officer,
        "to_confirm": to_confirm,
    }
    return render(request, "imports/imports.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.IMPORT_ROSTERS)
def import_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show how far the files are; htmx asks again while there is work."""
    staged = _staged(request, uid)
    if staged.state in IN_WORK:
        template = "_progress" if _is_htmx(request) else "progress"
        return render(request, f"imports/{template}.html", {"staged": staged})
    if _is_htmx(request):
        # The work has ended since the last question: the whole page is another one now.
        return HttpResponse(headers={"HX-Refresh": "true"})
    return _show(request, staged)


@require_POST
@requires(Act.IMPORT_ROSTERS)
def import_commit(request: HttpRequest, uid: str) -> HttpResponse:
    """Record the good rows."""
    staged = _staged(request, uid)
    try:
        whole = request.POST.get("all_or_nothing") == "on"
        replace = request.POST.get("replace") == "on"
        staging.commit(staged, all_or_nothing=whole, replace=replace, by=account_of(request))
    except staging.StateError:
        messages.warning(request, _("These files are not waiting to be recorded."))
    else:
        tasks.import_staged.enqueue(staged.uid)
    return redirect("web:import_detail", uid=staged.uid)


@require_POST
@requires(Act.IMPORT_ROSTERS)
def import_cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Stop the work, or put away files that were checked."""
    staged = _staged(request, uid)
    staging.cancel(staged, by=account_of(request))
    staged.refresh_from_db()
    if staged.state == StagedState.CANCELLED:
        messages.success(request, _("The files were put away; nothing was recorded."))
        return redirect("web:imports")
    return redirect("web:import_detail", uid=staged.uid)


@require_POST
@requires(Act.IMPORT_ROSTERS)
def import_again(request: HttpRequest, uid: str) -> HttpResponse:
    """Check files again after work on them broke off."""
    staged = _staged(request, uid)
    if staged.state == StagedState.FAILED:
        # Two who press the button at once are one.
        with contextlib.suppress(staging.StateError):
            staging.stage_again(staged, by=account_of(request))
            tasks.check_staged.enqueue(staged.uid)
    return redirect("web:import_detail", uid=staged.uid)


@require_POST
@requires(Act.IMPORT_ROSTERS)
def import_answers(request: HttpRequest, uid: str) -> HttpResponse:
    """Keep answers to questions of a file and what it does not say; check the files again."""
    staged, file = _checked_file(request, uid)
    row = file_row(file, request.POST)
    assert row.answers is not None  # a checked file has both forms
    assert row.given is not None
    valid = [form.is_valid() for form in row.forms]  # of each, its mistakes are shown
    if not all(valid):
        return _show(request, staged, faulty=row)
    if not row.answers.answers and row.given.values == file.given:
        row.answers.add_error(None, _("Answer a question, or give what the file does not say."))
        return _show(request, staged, faulty=row)
    with contextlib.suppress(staging.StateError):  # of two who answer at once, one wins
        staging.answer_file(
            file,
            answers=row.answers.answers,
            given=row.given.values,
            partner=row.answers.cleaned_data.get("partner") if row.answers.fields else None,
            remember=row.answers.remembered,
            by=account_of(request),
        )
        tasks.check_staged.enqueue(staged.uid)
        messages.success(request, _("The answers are kept; the files were checked again."))
    return redirect("web:import_detail", uid=staged.uid)


@require_POST
@requires(Act.IMPORT_ROSTERS)
def import_ask_again(request: HttpRequest, uid: str) -> HttpResponse:
    """Take back the answers to questions of a file, and check the files again."""
    staged, file = _checked_file(request, uid)
    with contextlib.suppress(staging.StateError):
        staging.ask_again(file, by=account_of(request))
        tasks.check_staged.enqueue(staged.uid)
    return redirect("web:import_detail", uid=staged.uid)


@require_GET
@requires(Act.IMPORT_ROSTERS)
def import_rejects(request: HttpRequest, uid: str, file: int) -> HttpResponseBase:
    """Give the workbook of rejected rows; that it was taken is written down."""
    staged = _staged(request, uid)
    row = get_object_or_404(staged.files, pk=file)
    place = storage.returned_path(row.name, row.sha256)
    if not row.report.get("has_rejects") or not place.is_file():
        raise Http404
    # Its people are no records: the entry names the upload.
    record_reading(
        what="rejects",
        targets=[f"staged_import:{staged.uid}"],
        fields=REJECTED,
        where=f"rejects:{staged.uid}",
        by=account_of(request),
    )
    # Opened whole before anything of it leaves: a file that was changed is not sent in part.
    return FileResponse(
        io.BytesIO(b"".join(vault.read(place))),
        as_attachment=True,
        filename=place.name,
        content_type=XLSX,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.UNDO_IMPORTS)
def import_undo(request: HttpRequest, uid: str) -> HttpResponse:
    """Say what undoing an import takes away, and undo it when that is confirmed."""
    found = imports_of(account_of(request), all_of_them=True)
    roster_import = get_object_or_404(found, uid=uid, undone_at=None)
    if request.method == "POST":
        try:
            undo(roster_import, by=account_of(request))
        except UndoRefusedError as refusal:
            messages.error(request, undo_refusal(refusal))
        except PeriodClosedError as refusal:
            messages.error(request, closed_sentence(refusal))
        else:
            message = _("“{file}” was undone.").format(file=roster_import.file_name)
            messages.success(request, message)
        return redirect("web:imports")
    context = {"roster_import": roster_import, "losses": losses(roster_import)}
    return render(request, "imports/undo.html", context)


def _show(
    request: HttpRequest, staged: StagedImport, *, faulty: FileRow | None = None
) -> HttpResponse:
    """Show what was found or recorded, with problems by row."""
    files = list(staged.files.all())
    is_checked = staged.state == StagedState.CHECKED
    if faulty:
        rows = [faulty if file == faulty.file else file_row(file) for file in files]
    else:
        rows = [file_row(file) if is_checked else FileRow(file) for file in files]
    problems = [line for file in files for line in lines(file.name, file.report)]
    accounted = add_up([file.report for file in files])
    offers = any(row.given and row.given.fields for row in rows)
    context = {
        "staged": staged,
        "rows": rows,
        "faulty": faulty,
        "to_answer": [row for row in rows if row.forms],
        "asked_files": sum(row.has_questions for row in rows),
        "summary": staged.summary,
        "row_kinds": row_kinds(accounted),
        "all_rows": sum(accounted.values()),
        "agreements": newest_numbers(MAX_OFFERED) if offers else [],
        "centres": centre_names(MAX_OFFERED) if offers else [],
        "is_partial": staged.state == StagedState.COMMITTED and any(not f.report for f in files),
        "unlisted": sum(f.report.get("problem_count", 0) for f in files) - len(problems),
        "codes": _codes(problems),
        "has_problems": bool(problems),
        "listing": lists.paginate(request, _chosen(request, problems)),
        "may_undo": allows(request, Act.UNDO_IMPORTS),
        "may_decide": allows(request, Act.DECIDE_ROSTER_ANSWERS),
        "may_see_figures": allows(request, Act.SEE_FIGURES),
    }
    return render(request, "imports/import.html", context, status=422 if faulty else 200)


def _chosen(request: HttpRequest, problems: list[ProblemLine]) -> list[ProblemLine]:
    """Return the problems that the address asks for: ``file``, ``code``, ``kind``."""
    file, code = request.GET.get("file"), request.GET.get("code")
    kind = request.GET.get("kind")
    return [
        line
        for line in problems
        if (not file or line.file == file)
        and (not code or line.code == code)
        and (not kind or line.is_warning == (kind == "warning"))
    ]


def _codes(problems: list[ProblemLine]) -> list[tuple[str, str, int]]:
    """Return what occurs: code, a sentence for it and how often, the most frequent first."""
    found: dict[str, tuple[str, int]] = {}
    for line in problems:
        sentence, count = found.get(line.code, (line.message, 0))
        found[line.code] = (sentence, count + 1)
    rows = [(code, sentence, count) for code, (sentence, count) in found.items()]
    return sorted(rows, key=lambda row: -row[2])


def _checked_file(request: HttpRequest, uid: str) -> tuple[StagedImport, StagedFile]:
    """Return a checked upload and the file of it that a form names. Raises Http404 otherwise."""
    staged = _staged(request, uid)
    number = request.POST.get("file", "")
    file = get_object_or_404(staged.files, pk=number if number.isdecimal() else 0)
    if staged.state != StagedState.CHECKED:
        raise Http404
    return staged, file


def _staged(request: HttpRequest, uid: str) -> StagedImport:
    """Return an upload that who asks may see. Raises Http404 for others."""
    found = staged_imports_of(account_of(request), all_of_them=_is_officer(request))
    return get_object_or_404(found, uid=uid)


def _is_officer(request: HttpRequest) -> bool:
    """Whether who asks answers for everybody's rosters."""
    return allows(request, Act.UNDO_IMPORTS)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx

"""Rosters on their way in: upload, look at what was found, record, undo."""

import contextlib
import io
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.audit import actions as audit
from tafahom.exchange import staging, storage, tasks
from tafahom.exchange.actions import undo
from tafahom.exchange.answering import remember_column
from tafahom.exchange.models import StagedFile, StagedImport, StagedState
from tafahom.exchange.queries import imports_of, losses, staged_imports_of
from tafahom.exchange.roster import CANONICAL_FIELDS
from tafahom.exchange.summaries import ProblemLine, lines
from tafahom.people import vault
from tafahom.periods.messages import sentence
from tafahom.periods.rules import PeriodClosedError
from tafahom.persian import normal_key
from tafahom.training.actions import UndoRefusedError
from tafahom.web import lists
from tafahom.web.import_forms import MOST_FILES, ColumnsForm, UploadForm
from tafahom.web.permissions import account_of, allows, requires

IN_WORK = (StagedState.STAGED, StagedState.COMMITTING)
OPEN = (StagedState.STAGED, StagedState.CHECKED, StagedState.COMMITTING, StagedState.FAILED)
LAYOUTS = {
    "flat": gettext_lazy("Flat table"),
    "course": gettext_lazy("Course sheet"),
    "attendance": gettext_lazy("Attendance register"),
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class FileRow:
    """A file as the page lists it, with the form for its unknown columns where there are any."""

    file: StagedFile
    form: ColumnsForm | None

    @cached_property
    def report(self) -> dict[str, Any]:
        """What the last check or recording found; empty before."""
        return self.file.report

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """Sheets that were recognised, with layout and number of rows."""
        return [
            {"name": name, "layout": LAYOUTS.get(layout, layout), "rows": rows}
            for name, layout, rows in self.report.get("sheets", [])
        ]


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
    recorded = imports_of(user, all_of_them=is_officer)
    if text := normal_key(request.GET.get("q", "")[:200]):
        ids = [row.pk for row in recorded if text in normal_key(row.file_name)]
        recorded = recorded.filter(pk__in=ids)
    context = {
        "form": form,
        "most_files": MOST_FILES,
        "largest_mb": storage.LARGEST_FILE >> 20,
        "waiting": staged_imports_of(user, all_of_them=is_officer).filter(state__in=OPEN)[:20],
        "listing": lists.cut(request, recorded),
        "may_undo": is_officer,
    }
    return render(request, "web/imports/imports.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.IMPORT_ROSTERS)
def import_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show how far the files are; htmx asks again while there is work."""
    staged = _staged(request, uid)
    if staged.state in IN_WORK:
        template = "_progress" if _is_htmx(request) else "progress"
        return render(request, f"web/imports/{template}.html", {"staged": staged})
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
        staging.commit(staged, all_or_nothing=whole, by=account_of(request))
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
def import_columns(request: HttpRequest, uid: str) -> HttpResponse:
    """Remember what columns mean and check the files again."""
    staged = _staged(request, uid)
    number = request.POST.get("file", "")
    file = get_object_or_404(staged.files, pk=number if number.isdecimal() else 0)
    form = _columns_form(file, request.POST)
    if form is None or staged.state != StagedState.CHECKED:
        raise Http404
    if not form.is_valid():
        return _show(request, staged, faulty=form, faulty_file=file)
    for header, field in form.chosen().items():
        remember_column(
            partner=form.cleaned_data["partner"], header=header, field=field, by=account_of(request)
        )
    staging.stage_again(staged, by=account_of(request))
    tasks.check_staged.enqueue(staged.uid)
    messages.success(request, _("The columns are remembered; the files were checked again."))
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
    audit.record(
        action="exchange.rejects_read", target=f"staged_import:{staged.uid}", by=account_of(request)
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
    found = imports_of(account_of(request), all_of_them=True).filter(undone_at__isnull=True)
    roster_import = get_object_or_404(found, uid=uid)
    if request.method == "POST":
        try:
            undo(roster_import, by=account_of(request))
        except UndoRefusedError:
            messages.error(
                request,
                _("This import can not be undone: other records depend on what it brought."),
            )
        except PeriodClosedError as refusal:
            messages.error(request, sentence(refusal))
        else:
            message = _("“{file}” was undone.").format(file=roster_import.file_name)
            messages.success(request, message)
        return redirect("web:imports")
    context = {"roster_import": roster_import, "losses": losses(roster_import)}
    return render(request, "web/imports/undo.html", context)


def _show(
    request: HttpRequest,
    staged: StagedImport,
    *,
    faulty: ColumnsForm | None = None,
    faulty_file: StagedFile | None = None,
) -> HttpResponse:
    """Show what was found or recorded, with problems by row."""
    files = list(staged.files.all())
    is_checked = staged.state == StagedState.CHECKED
    rows = []
    for file in files:
        form = faulty if file == faulty_file else _columns_form(file, None)
        rows.append(FileRow(file, form if is_checked else None))
    problems = [line for file in files for line in lines(file.name, file.report)]
    context = {
        "staged": staged,
        "rows": rows,
        "form": faulty,
        "summary": staged.summary,
        "is_partial": staged.state == StagedState.COMMITTED and any(not f.report for f in files),
        "unlisted": sum(f.report.get("problem_count", 0) for f in files) - len(problems),
        "codes": _codes(problems),
        "has_problems": bool(problems),
        "listing": lists.cut(request, _chosen(request, problems)),
        "may_undo": allows(request, Act.UNDO_IMPORTS),
        "may_see_figures": allows(request, Act.SEE_FIGURES),
    }
    return render(request, "web/imports/import.html", context, status=422 if faulty else 200)


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


def _columns_form(file: StagedFile, data: Any) -> ColumnsForm | None:
    columns = file.report.get("columns", [])
    if not columns:
        return None
    fields = [(field, str(label)) for field, label in CANONICAL_FIELDS.items()]
    return ColumnsForm(
        data,
        columns=columns,
        partners=file.report.get("partners", []),
        fields=fields,
        auto_id=f"file-{file.pk}-%s",
    )


def _staged(request: HttpRequest, uid: str) -> StagedImport:
    """Return an upload that who asks may see. Raises Http404 for others."""
    found = staged_imports_of(account_of(request), all_of_them=_is_officer(request))
    return get_object_or_404(found, uid=uid)


def _is_officer(request: HttpRequest) -> bool:
    """Whether who asks answers for everybody's rosters."""
    return allows(request, Act.UNDO_IMPORTS)


def _is_htmx(request: HttpRequest) -> bool:
    return bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx

"""The text of an agreement: reading it, its versions, what differs between two, its files."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.models import (
    Agreement,
    AgreementFile,
    AgreementTemplate,
    FileKind,
    TextVersion,
)
from tafahom.agreements.queries import agreements_in_full
from tafahom.agreements.texts import beginning, files, storage
from tafahom.agreements.texts.queries import (
    clauses_of,
    current_text,
    draft_of,
    files_in_reach,
    is_editable,
    numbered,
    templates_for,
    versions_of,
)
from tafahom.agreements.texts.rules import compare
from tafahom.agreements.texts.writing import owner_of
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.people import vault
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.reports.agreements import writing
from tafahom.reports.agreements.render import RENDERERS
from tafahom.web.shell.forms import refuse
from tafahom.web.texts import page
from tafahom.web.texts.forms import PLACEHOLDER_WORDS, FileForm


@require_GET
@requires(Act.SEE_REGISTERS)
def agreement_text(request: HttpRequest, uid: str) -> HttpResponse:
    """Show the text that counts, or the one that ``text`` names, its versions and the files."""
    agreement = _agreement(uid)
    versions = list(versions_of(agreement))
    chosen = request.GET.get("text")
    version = (
        next((one for one in versions if one.uid == chosen), None)
        if chosen
        else current_text(agreement)
    )
    if chosen and version is None:
        raise Http404
    return _page(request, agreement, version, FileForm())


def _page(
    request: HttpRequest, agreement: Agreement, version: TextVersion | None, form: FileForm
) -> HttpResponse:
    """Show a text with the files of its agreement; ``form`` is where one is attached."""
    versions = list(versions_of(agreement))
    may_manage = allows(request, Act.MANAGE_AGREEMENTS)
    may_write = may_manage and is_editable(agreement)
    context = {
        "agreement": agreement,
        "version": version,
        "clauses": page.shown_clauses(version) if version else [],
        "versions": versions,
        "draft": draft_of(agreement),
        "may_manage": may_manage,
        "may_write": may_write,
        "templates": templates_for(agreement.partner.kind) if may_write and not versions else [],
        "has_national_text": bool(agreement.parent and current_text(agreement.parent)),
        "files": agreement.files.select_related("added_by"),
        "form": form,
        "largest_mb": storage.LARGEST_FILE >> 20,
    }
    return render(request, "texts/text.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def text_start(request: HttpRequest, uid: str) -> HttpResponse:
    """Begin the text: with a template, with the clauses of the national agreement, or empty."""
    agreement = _agreement(uid)
    begin, by = request.POST.get("begin", ""), account_of(request)
    try:
        if begin == "national":
            beginning.inherit_clauses(agreement, by=by)
        elif begin == "empty":
            beginning.start_draft(agreement, by=by)
        else:
            template = get_object_or_404(AgreementTemplate, uid=begin, is_used=True)
            _draft, missing = beginning.draft_from_template(agreement, template, by=by)
            if missing:
                names = "، ".join(str(PLACEHOLDER_WORDS[name]) for name in missing)
                messages.warning(
                    request,
                    _("Not known yet, so dots stand there: {names}.").format(names=names),
                )
    except Refusal as error:
        messages.error(request, sentence(error))
    draft = draft_of(agreement)
    if draft is None:
        return redirect("web:agreement_text", uid=uid)
    return redirect("web:text_edit", uid=draft.uid)


@require_GET
@requires(Act.SEE_REGISTERS)
def text_compare(request: HttpRequest, uid: str) -> HttpResponse:
    """Show what differs between a text and an older one of the same owner (``with``)."""
    new = page.text_or_404(uid)
    owner = owner_of(new)
    versions = list(versions_of(owner))
    older = [one for one in versions if _rank(one) < _rank(new)]
    wanted = request.GET.get("with")
    old = (
        next((one for one in versions if one.uid == wanted), None)
        if wanted
        else next(iter(older), None)
    )
    if wanted and old is None:
        raise Http404
    if old and _rank(old) > _rank(new):
        old, new = new, old
    changes = compare(numbered(clauses_of(old)), numbered(clauses_of(new))) if old else []
    context = {
        "owner": owner,
        "is_template": not isinstance(owner, Agreement),
        "home": page.home_of(owner),
        "old": old,
        "new": new,
        "versions": versions,
        "changes": changes,
        "count": sum(1 for change in changes if change.differs),
    }
    return render(request, "texts/compare.html", context)


@require_GET
@requires(Act.SEE_REGISTERS)
def agreement_document(request: HttpRequest, uid: str, ending: str) -> HttpResponse:
    """Return the agreement for printing, with the text that counts or the one that ``text`` names.

    It is Persian whatever the language of the page.
    """
    agreement = _agreement(uid)
    chosen = request.GET.get("text")
    version = get_object_or_404(agreement.texts, uid=chosen) if chosen else current_text(agreement)
    if ending not in RENDERERS or version is None:
        raise Http404
    make, content_type = RENDERERS[ending]
    document = writing.agreement_document(agreement, version)
    name = f"{document.file_stem}.{ending}"
    return HttpResponse(
        make(document),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def file_attach(request: HttpRequest, uid: str) -> HttpResponse:
    """Attach a file to an agreement."""
    agreement = _agreement(uid)
    form = FileForm(request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            files.attach(
                agreement,
                chunks=given["file"].chunks(),
                name=given["file"].name or "",
                kind=FileKind(given["kind"]),
                note=given["note"],
                by=account_of(request),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("The file is attached."))
            return redirect("web:agreement_text", uid=uid)
    return _page(request, agreement, current_text(agreement), form)


@require_GET
@requires(Act.SEE_REGISTERS)
def file_take(request: HttpRequest, uid: str) -> HttpResponseBase:
    """Send a file as an attachment: never shown inside our pages."""
    file = _file(uid)
    try:
        # Read to its end first: what is changed on the disk must not go out in part.
        pieces = list(storage.read(file.sha256))
    except (OSError, vault.UnreadableError):
        messages.error(request, _("The file can not be read. Tell the administrator."))
        return redirect("web:agreement_text", uid=file.agreement.uid)
    header = content_disposition_header(as_attachment=True, filename=file.name)
    return StreamingHttpResponse(
        pieces,
        content_type=file.content_type,
        headers={
            "Content-Disposition": header or "attachment",
            "Content-Length": str(file.size),
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def file_detach(request: HttpRequest, uid: str) -> HttpResponse:
    """Take a file away from its agreement."""
    file = _file(uid)
    files.detach(file, by=account_of(request))
    messages.success(request, _("“{name}” was removed.").format(name=file.name))
    return redirect("web:agreement_text", uid=file.agreement.uid)


def _agreement(uid: str) -> Agreement:
    return get_object_or_404(agreements_in_full(), uid=uid)


def _file(uid: str) -> AgreementFile:
    return get_object_or_404(files_in_reach(), uid=uid)


def _rank(version: TextVersion) -> float:
    """Return the place of a text in time; the draft is newest."""
    return float("inf") if version.number is None else version.number

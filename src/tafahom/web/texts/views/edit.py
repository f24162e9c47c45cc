"""The editor of a draft: clauses and notes, one form for each clause."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement, Clause, TextVersion
from tafahom.agreements.texts import actions
from tafahom.agreements.texts.queries import content_of, is_editable, outdated
from tafahom.agreements.texts.rules import Content, clause_title, compare_contents, merged, tidy
from tafahom.agreements.texts.writing import StaleError, owner_of
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.shell.asked import whole
from tafahom.web.shell.templatetags.tafahom import fa, number
from tafahom.web.texts import page
from tafahom.web.texts.forms import note_boxes, placeholder_list, posted_content


@require_GET
@requires(Act.MANAGE_AGREEMENTS)
def text_edit(request: HttpRequest, uid: str) -> HttpResponse:
    """Show the draft with what may be done to each clause."""
    draft = page.text_or_404(uid)
    owner = owner_of(draft)
    if not draft.is_draft or not is_editable(owner):
        return redirect(page.home_of(owner), uid=owner.uid)
    shown = page.shown_clauses(draft)
    stale = {clause.pk for clause, _content in outdated(draft)}
    context = _context(draft) | {
        "clauses": shown,
        "outdated": [one for one in shown if one.clause.pk in stale],
        "kept": owner.texts.exclude(number=None).first(),
        "to_inherit": (
            page.missing_from_parent(owner, shown) if isinstance(owner, Agreement) else 0
        ),
    }
    return render(request, "texts/edit.html", context)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
def clause_add(request: HttpRequest, uid: str) -> HttpResponse:
    """Add a clause behind the place ``after``, at the end without."""
    draft = page.text_or_404(uid)
    after = whole(request.POST.get("after") or request.GET.get("after"))
    content = posted_content(request.POST)
    refusal = ""
    if request.method == "POST":
        try:
            clause = actions.add_clause(draft, content=content, after=after, by=account_of(request))
        except Refusal as error:
            refusal = sentence(error)
        else:
            messages.success(request, _("The clause was added."))
            return _to_editor(draft, clause)
    return _form(request, draft, content=content, after=after, refusal=refusal)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_AGREEMENTS)
def clause_edit(request: HttpRequest, uid: str, clause_uid: str) -> HttpResponse:
    """Edit a clause; when somebody else changed it meanwhile, both are shown to decide."""
    draft = page.text_or_404(uid)
    clause = draft.clauses.filter(uid=clause_uid).first()
    if request.method == "GET":
        if clause is None:
            raise Http404
        return _form(request, draft, clause=clause, content=content_of(clause))
    content = posted_content(request.POST)
    if clause is None:
        return _conflict(request, draft, content, now=None)
    try:
        changed = actions.save_clause(
            clause,
            seen=whole(request.POST.get("seen")) or 0,
            content=content,
            by=account_of(request),
        )
    except StaleError as stale:
        return _conflict(request, draft, content, now=stale.clause)
    except Refusal as error:
        if error.code == "clause.gone":
            return _conflict(request, draft, content, now=None)
        return _form(request, draft, clause=clause, content=content, refusal=sentence(error))
    messages.success(request, _("The clause was saved.") if changed else _("Nothing had changed."))
    return _to_editor(draft, clause)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def clause_move(request: HttpRequest, uid: str, clause_uid: str) -> HttpResponse:
    """Move a clause, or one of its notes, one place up or down; numbers follow."""
    draft = page.text_or_404(uid)
    clause = get_object_or_404(draft.clauses, uid=clause_uid)
    step = -1 if request.POST.get("to") == "up" else 1
    note = whole(request.POST.get("note"))
    try:
        if note is None:
            actions.move_clause(clause, step=step, by=account_of(request))
        else:
            seen = whole(request.POST.get("seen")) or 0
            actions.move_note(clause, number=note, step=step, seen=seen, by=account_of(request))
    except StaleError:
        messages.warning(request, _changed_meanwhile())
    except Refusal as error:
        messages.error(request, sentence(error))
    return _to_editor(draft, clause)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def clause_delete(request: HttpRequest, uid: str, clause_uid: str) -> HttpResponse:
    """Remove a clause that nobody has changed since it was shown."""
    draft = page.text_or_404(uid)
    clause = draft.clauses.filter(uid=clause_uid).first()
    if clause is None:
        messages.info(request, _("Somebody else has removed this clause meanwhile."))
        return _to_editor(draft)
    seen = whole(request.POST.get("seen")) or 0
    try:
        actions.delete_clause(clause, seen=seen, by=account_of(request))
    except StaleError:
        messages.warning(request, _changed_meanwhile())
        return _to_editor(draft, clause)
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        messages.success(
            request, _("The clause was removed; versions that were kept still have it.")
        )
    return _to_editor(draft)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def text_keep(request: HttpRequest, uid: str) -> HttpResponse:
    """Keep the draft as a numbered version."""
    draft = page.text_or_404(uid)
    owner = owner_of(draft)
    try:
        version = actions.save_as_version(
            draft, note=request.POST.get("note", "")[:400], by=account_of(request)
        )
    except Refusal as error:
        messages.info(request, sentence(error))
        return _to_editor(draft)
    text = _("Version {number} is kept.").format(number=fa(version.number))
    messages.success(request, text)
    return redirect(page.home_of(owner), uid=owner.uid)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def text_fill(request: HttpRequest, uid: str) -> HttpResponse:
    """Let the draft say what the agreement's record says now."""
    draft = page.text_or_404(uid)
    try:
        count = actions.fill_anew(draft, by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
    else:
        text = ngettext("{n} clause was filled anew.", "{n} clauses were filled anew.", count)
        messages.success(request, text.format(n=number(count)))
    return _to_editor(draft)


@require_POST
@requires(Act.MANAGE_AGREEMENTS)
def text_back(request: HttpRequest, uid: str) -> HttpResponse:
    """Make the draft say what a kept version said."""
    version = page.text_or_404(uid)
    owner = owner_of(version)
    try:
        draft = actions.go_back_to(version, by=account_of(request))
    except Refusal as error:
        messages.error(request, sentence(error))
        return redirect(page.home_of(owner), uid=owner.uid)
    messages.success(
        request,
        _("The draft says again what version {number} said.").format(number=fa(version.number)),
    )
    return _to_editor(draft)


def _form(
    request: HttpRequest,
    draft: TextVersion,
    *,
    content: Content,
    clause: Clause | None = None,
    after: int | None = None,
    refusal: str = "",
) -> HttpResponse:
    posted = request.method == "POST"
    base = posted_content(request.POST, "base-") if posted else content
    context = _context(draft) | {
        "clause": clause,
        "title": clause_title(clause.ordinal) if clause else "",
        "content": content,
        "notes": note_boxes(content.notes),
        "after": after,
        "seen": request.POST.get("seen") if posted else (clause.revision if clause else 0),
        "base": base,
        "refusal": refusal,
        "placeholders": placeholder_list(),
    }
    return render(request, "texts/clause.html", context, status=422 if refusal else 200)


def _conflict(
    request: HttpRequest, draft: TextVersion, content: Content, *, now: Clause | None
) -> HttpResponse:
    """Show what somebody else did to a clause beside what was typed, for the writer to decide."""
    context: dict[str, Any] = _context(draft) | {
        "clause": now,
        "content": content,
        "notes": note_boxes(content.notes),
    }
    if now:
        theirs, base = content_of(now), tidy(posted_content(request.POST, "base-"))
        mine = merged(base, theirs, tidy(content))
        context |= {
            "title": clause_title(now.ordinal),
            "base": theirs,
            "seen": now.revision,
            "their_change": compare_contents(base, theirs),
            "content": mine,
            "notes": note_boxes(mine.notes),
            "my_change": compare_contents(theirs, mine),
        }
    return render(request, "texts/conflict.html", context, status=409)


def _context(draft: TextVersion) -> dict[str, Any]:
    owner = owner_of(draft)
    is_template = not isinstance(owner, Agreement)
    return {
        "draft": draft,
        "owner": owner,
        "is_template": is_template,
        "home": reverse(page.home_of(owner), args=[owner.uid]),
    }


def _to_editor(draft: TextVersion, clause: Clause | None = None) -> HttpResponseRedirect:
    address = reverse("web:text_edit", args=[draft.uid])
    return HttpResponseRedirect(f"{address}#{clause.uid}" if clause else address)


def _changed_meanwhile() -> str:
    return _("Somebody else changed this clause meanwhile. Look at it again first.")

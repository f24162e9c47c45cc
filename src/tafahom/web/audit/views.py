"""Pages of the record of acts: search, one entry, the history of a record."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Max, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.audit.models import Entry, Head
from tafahom.audit.queries import changes_of, entries_between
from tafahom.gate.permissions import allows, requires
from tafahom.web.audit.acts import ACCOUNTS, ACTS, sentence
from tafahom.web.audit.details import in_words
from tafahom.web.audit.history import KINDS, steps, tables_of
from tafahom.web.audit.records import NamedTarget, named
from tafahom.web.shell.asked import whole
from tafahom.web.shell.forms import JalaliDateField, dress

PAGE_SIZE = 50
# Taking a roster back changes thousands of rows.
MAX_STEPS = 200


class EntriesForm(forms.Form):
    """Which entries are looked for."""

    since = JalaliDateField(required=False, label=_("From day"))
    until = JalaliDateField(required=False, label=_("To day"))
    user = forms.CharField(required=False, max_length=150, label=_("User name"))
    action = forms.ChoiceField(required=False, label=_("Act"))
    target = forms.CharField(required=False, max_length=120, label=_("Record"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = sorted(((code, str(text)) for code, text in ACTS.items()), key=lambda one: one[1])
        self.fields["action"].choices = [("", _("All")), *found]  # type: ignore[attr-defined]  # a choice field
        dress(self)
        for field in self.fields.values():
            field.widget.attrs["dir"] = "auto"

    def entries(self) -> QuerySet[Entry]:
        """Return what the valid form asks for."""
        asked = self.cleaned_data
        found = entries_between(_midnight(asked["since"]), _midnight(asked["until"], days=1))
        if asked["user"]:
            found = found.filter(by__username=asked["user"])
        if kind := asked["action"]:
            is_kind = kind.endswith((".", "_"))
            found = found.filter(**{"action__startswith" if is_kind else "action": kind})
        if asked["target"]:
            found = found.filter(target=asked["target"])
        return found


@require_GET
@requires(Act.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Search the record of acts; pages follow numbers, so that the last is as fast as the first."""
    form = EntriesForm(request.GET)
    rows: list[Entry] = []
    later = earlier = 0
    if form.is_valid():
        found = _visible(request, form.entries()).select_related("by")
        before, after = _number(request, "before"), _number(request, "after")
        if after:
            rows = list(found.filter(id__gt=after).order_by("id")[: PAGE_SIZE + 1])
            has_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE][::-1]
            later = rows[0].pk if has_more else 0
            earlier = rows[-1].pk if rows else 0
        else:
            found = found.filter(id__lt=before) if before else found
            rows = list(found.order_by("-id")[: PAGE_SIZE + 1])
            has_more, rows = len(rows) > PAGE_SIZE, rows[:PAGE_SIZE]
            later = rows[0].pk if before and rows else 0
            earlier = rows[-1].pk if has_more else 0
    context = {"form": form, "rows": _lines(rows)}
    context |= {"later": later, "earlier": earlier}
    return render(request, "audit/audit.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.SEE_AUDIT)
def audit_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry, its place in the chain and the head that seals it."""
    entry = get_object_or_404(_visible(request, Entry.objects.select_related("by")), pk=number)
    changed = entry.changed_rows.count()
    context = {
        "line": _lines([entry])[0],
        "entry": entry,
        "details": in_words(entry.details),
        "last": Entry.objects.aggregate(last=Max("id"))["last"],
        "head": Head.objects.filter(last__gte=entry.pk).order_by("last").first(),
        "steps": _steps(request, entry.changed_rows.order_by("-id")[:MAX_STEPS]),
        "not_shown": max(0, changed - MAX_STEPS),
    }
    return render(request, "audit/entry.html", context)


@require_GET
@requires(Act.SEE_AUDIT)
def history(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Show what a record was before, field by field and word by word."""
    if kind not in KINDS or not _sees_all(request):
        raise Http404
    model = KINDS[kind]
    row = get_object_or_404(model._default_manager.all(), uid=uid)
    changes = changes_of(model._meta.db_table, row.pk, tables_of(kind))
    page = list(changes.filter(id__lt=_number(request, "before") or 2**62)[: PAGE_SIZE + 1])
    context = {
        "name": str(row),
        "target": f"{kind}:{uid}",
        "record": named([f"{kind}:{uid}"]).get(f"{kind}:{uid}"),
        "steps": _steps(request, page[:PAGE_SIZE]),
        "earlier": page[PAGE_SIZE - 1].pk if len(page) > PAGE_SIZE else None,
    }
    return render(request, "audit/history.html", context)


def _steps(request: HttpRequest, changes: Any) -> Any:
    return steps(changes, may_see_sensitive=allows(request, Act.SEE_SENSITIVE_FIGURES))


def _sees_all(request: HttpRequest) -> bool:
    return allows(request, Act.SEE_ALL_ENTRIES)


def _visible(request: HttpRequest, entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return the entries that who asks may see: an administrator those about accounts."""
    if _sees_all(request):
        return entries
    about = Q()
    for kind in ACCOUNTS:
        about |= Q(action__startswith=kind)
    return entries.filter(about)


def _lines(entries: Sequence[Entry]) -> list[tuple[Entry, str, NamedTarget | None]]:
    """Return entries with what was done, and the record it was done to."""
    records = named(entry.target for entry in entries)
    return [(entry, sentence(entry.action), records.get(entry.target)) for entry in entries]


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.GET.get(name), digits=18) or 0


def _midnight(day: dt.date | None, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    moment = dt.datetime.combine(day + dt.timedelta(days=days), dt.time())
    return timezone.make_aware(moment)

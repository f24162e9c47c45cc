"""Pages of the record of acts: search, one entry, the history of a record."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.audit.acts import acts_of_accounts, described_acts, sentence
from tafahom.audit.models import Entry
from tafahom.audit.queries import (
    EntriesPage,
    changes_of,
    entries,
    head_over,
    last_number,
    of_kinds,
    page_of,
)
from tafahom.gate.permissions import allows, requires
from tafahom.records import kinds_with_history
from tafahom.web.audit.details import in_words
from tafahom.web.audit.history import steps, tables_of
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
        found = sorted(
            ((code, str(text)) for code, text in described_acts().items()), key=lambda one: one[1]
        )
        self.fields["action"].choices = [("", _("All")), *found]  # type: ignore[attr-defined]  # a choice field
        dress(self)
        for field in self.fields.values():
            field.widget.attrs["dir"] = "auto"

    def entries(self) -> QuerySet[Entry]:
        """Return what the valid form asks for."""
        asked = self.cleaned_data
        return entries(
            start=_midnight(asked["since"]),
            end=_midnight(asked["until"], days=1),
            account=asked["user"],
            action=asked["action"],
            target=asked["target"],
        )


@require_GET
@requires(Act.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """Search the record of acts; pages follow numbers, so that the last is as fast as the first."""
    form = EntriesForm(request.GET)
    page = EntriesPage([], 0, 0)
    if form.is_valid():
        page = page_of(
            _visible(request, form.entries()),
            before=_number(request, "before"),
            after=_number(request, "after"),
            size=PAGE_SIZE,
        )
    context = {"form": form, "rows": _lines(page.entries)}
    context |= {"later": page.later, "earlier": page.earlier}
    return render(request, "audit/audit.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.SEE_AUDIT)
def audit_entry(request: HttpRequest, number: int) -> HttpResponse:
    """Show one entry, its place in the chain and the head that seals it."""
    entry = get_object_or_404(_visible(request, entries()), pk=number)
    changed = entry.changed_rows.count()
    context = {
        "line": _lines([entry])[0],
        "entry": entry,
        "details": in_words(entry.details),
        "last": last_number(),
        "head": head_over(entry),
        "steps": _steps(request, entry.changed_rows.order_by("-id")[:MAX_STEPS]),
        "not_shown": max(0, changed - MAX_STEPS),
    }
    return render(request, "audit/entry.html", context)


@require_GET
@requires(Act.SEE_AUDIT)
def history(request: HttpRequest, kind: str, uid: str) -> HttpResponse:
    """Show what a record was before, field by field and word by word."""
    model = kinds_with_history().get(kind)
    if not model or not _sees_all(request):
        raise Http404
    row = get_object_or_404(model, uid=uid)
    before, owned = _number(request, "before"), tables_of(kind)
    changes = changes_of(model._meta.db_table, row.pk, owned, before=before)
    page = list(changes[: PAGE_SIZE + 1])
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


def _visible(request: HttpRequest, found: QuerySet[Entry]) -> QuerySet[Entry]:
    """Return the entries that who asks may see: an administrator those about accounts."""
    return found if _sees_all(request) else of_kinds(found, acts_of_accounts())


def _lines(shown: Sequence[Entry]) -> list[tuple[Entry, str, NamedTarget | None]]:
    """Return entries with what was done, and the record it was done to."""
    records = named(entry.target for entry in shown)
    return [(entry, sentence(entry.action), records.get(entry.target)) for entry in shown]


def _number(request: HttpRequest, name: str) -> int:
    return whole(request.GET.get(name), digits=18) or 0


def _midnight(day: dt.date | None, days: int = 0) -> dt.datetime | None:
    if day is None:
        return None
    moment = dt.datetime.combine(day + dt.timedelta(days=days), dt.time())
    return timezone.make_aware(moment)

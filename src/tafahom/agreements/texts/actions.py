"""Writing the texts of agreements and templates.

Every write first locks the agreement or template, so of two people who write at once the second
sees what the first has done, and none writes after the signature.
"""

import contextlib
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, Clause, TextVersion
from tafahom.agreements.texts.queries import (
    content_of,
    draft_of,
    outdated,
)
from tafahom.agreements.texts.rules import (
    Content,
)
from tafahom.agreements.texts.writing import (
    StaleError,
    StoredClause,
    append,
    copy_text,
    judged,
    keep,
    lock,
    lock_draft,
    new_draft,
    owner_of,
    record_text,
    rewrite,
)
from tafahom.persian import clean
from tafahom.refusals import Refusal

# Larger than any place: clauses are put aside there while they change places.
_ASIDE = 1_000_000


@transaction.atomic
def add_clause(
    draft: TextVersion, *, content: Content, after: int | None = None, by: User | None
) -> Clause:
    """Add a clause behind a place (0: first), at the end without. Raises Refusal."""
    owner = lock_draft(draft)
    clause = append(draft, judged(owner, content), by=by)
    if after is not None:
        others = [one.pk for one in draft.clauses.order_by("ordinal") if one.pk != clause.pk]
        _put_in_order(draft, [*others[:after], clause.pk, *others[after:]])
        clause.refresh_from_db()
    record_text("clause_added", owner, {"clause": clause.uid}, by)
    return clause


@transaction.atomic
def save_clause(clause: Clause, *, seen: int, content: Content, by: User | None) -> bool:
    """Write a clause and its notes; whether anything changed.

    ``seen`` is the revision that the writer had before them. Raises StaleError when there is
    another by now that says something else, and Refusal (``clause.gone`` when it was
    removed).
    """
    owner = lock_draft(clause.version)
    said = judged(owner, content)
    now = _fresh(clause)
    if content_of(now) == said.content:
        return False
    if now.revision != seen:
        raise StaleError(now)
    rewrite(now, said, by)
    record_text("clause_changed", owner, {"clause": now.uid, "revision": now.revision}, by)
    return True


@transaction.atomic
def fill_anew(draft: TextVersion, *, by: User | None) -> int:
    """Let the clauses that nobody has rewritten say what the record says now; how many changed."""
    owner = lock_draft(draft)
    changed = outdated(draft)
    for clause, content in changed:
        rewrite(clause, StoredClause(content, clause.pattern), by)
    if changed:
        record_text("text_filled_anew", owner, {"clauses": len(changed)}, by)
    return len(changed)


@transaction.atomic
def move_clause(clause: Clause, *, step: int, by: User | None) -> None:
    """Move a clause up (-1) or down (1) by one place; at the end nothing happens."""
    owner = lock_draft(clause.version)
    order = list(clause.version.clauses.order_by("ordinal").values_list("pk", flat=True))
    place = order.index(_fresh(clause).pk)
    goal = place + step
    if not 0 <= goal < len(order):
        return
    order.insert(goal, order.pop(place))
    _put_in_order(clause.version, order)
    record_text("clause_moved", owner, {"clause": clause.uid, "to": goal + 1}, by)


@transaction.atomic
def move_note(clause: Clause, *, number: int, step: int, seen: int, by: User | None) -> None:
    """Move a note of a clause by one place. Raises StaleError as ``save_clause`` does."""
    lock_draft(clause.version)
    now = _fresh(clause)
    if now.revision != seen:
        raise StaleError(now)
    notes = list(content_of(now).notes)
    place, goal = number - 1, number - 1 + step
    if 0 <= place < len(notes) and 0 <= goal < len(notes):
        notes.insert(goal, notes.pop(place))
        content = Content(now.heading, now.text, tuple(notes))
        save_clause(now, seen=seen, content=content, by=by)


@transaction.atomic
def delete_clause(clause: Clause, *, seen: int, by: User | None) -> None:
    """Remove a clause from the draft; kept versions still have it. Raises StaleError."""
    owner = lock_draft(clause.version)
    now = _fresh(clause)
    if now.revision != seen:
        raise StaleError(now)
    now.delete()
    order = clause.version.clauses.order_by("ordinal").values_list("pk", flat=True)
    _put_in_order(clause.version, list(order))
    record_text("clause_removed", owner, {"clause": now.uid}, by)


@transaction.atomic
def save_as_version(draft: TextVersion, *, note: str, by: User | None) -> TextVersion:
    """Keep the draft as it is now under the next number; the draft goes on.

    Raises Refusal when it has no clause, or says what the newest version says.
    """
    owner = lock_draft(draft)
    return keep(owner, draft, clean(note)[:400], by)


@transaction.atomic
def go_back_to(version: TextVersion, *, by: User | None) -> TextVersion:
    """Make the draft say what a kept version said; what the draft said is kept first."""
    owner = owner_of(version)
    lock(owner)
    draft = draft_of(owner) or new_draft(owner, None, by)
    with contextlib.suppress(Refusal):  # nothing in it that no version has
        keep(owner, draft, "", by)
    draft.clauses.all().delete()
    copy_text(version, draft, by)
    record_text("text_taken_back", owner, {"to": version.number}, by)
    return draft


@transaction.atomic
def freeze(agreement: Agreement, *, by: User | None) -> TextVersion | None:
    """Keep the words that were signed: the newest version is the signed one from now on.

    A draft that says something else becomes that version; then there is no draft any more. None
    for an agreement without a text. The caller holds the lock on the agreement.
    """
    draft = draft_of(agreement)
    if draft:
        with contextlib.suppress(Refusal):  # nothing in it that no version has
            keep(agreement, draft, "", by)
        draft.delete()
    last = agreement.texts.exclude(number=None).first()
    if last:
        agreement.texts.filter(pk=last.pk).update(is_signed=True)
        last.is_signed = True
        record_text("text_signed", agreement, {"version": last.number}, by)
    return last


def _fresh(clause: Clause) -> Clause:
    """Return the clause as it is now. Raises Refusal when it is gone."""
    now = Clause.objects.select_related("changed_by").filter(pk=clause.pk).first()
    if now is None:
        raise Refusal("clause.gone")
    return now


def _put_in_order(draft: TextVersion, order: Sequence[int]) -> None:
    """Number the clauses anew: aside first, since no two may have one place at any moment."""
    draft.clauses.update(ordinal=F("ordinal") + _ASIDE)
    places = {pk: place for place, pk in enumerate(order, 1)}
    clauses = list(draft.clauses.all())
    for clause in clauses:
        clause.ordinal = places[clause.pk]
    Clause.objects.bulk_update(clauses, ["ordinal"])
    TextVersion.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)

"""Writing the texts of agreements and templates.

Every write first locks the agreement or template, so of two people who write at once the second
sees what the first has done, and none writes after the signature.
"""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import F

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, AgreementTemplate, Clause, Note, TextVersion
from tafahom.agreements.texts import placeholders
from tafahom.agreements.texts.queries import (
    clauses_of,
    clauses_of_parent,
    content_of,
    current_text,
    draft_of,
    filled,
    is_editable,
    numbered,
    outdated,
    placeholder_values,
    template_text,
)
from tafahom.agreements.texts.rules import (
    MOST_CLAUSES,
    Content,
    Numbered,
    content_from,
    refusals,
    tidy,
)
from tafahom.audit.actions import record
from tafahom.parties.models import new_uid
from tafahom.persian import clean

Owner = Agreement | AgreementTemplate
# Larger than any place: clauses are put aside there while they change places.
_ASIDE = 1_000_000


class TextRefusedError(Exception):
    """A write that can not be; ``code`` says why, ``names`` what it is about.

    ``text.frozen``, ``text.empty``, ``text.unchanged``, ``text.present``, ``text.too_long``,
    ``clause.gone``, ``placeholder.unknown`` and those of ``rules.refusals``.
    """

    def __init__(self, code: str, names: Sequence[str] = ()) -> None:
        super().__init__(code)
        self.code, self.names = code, list(names)


@dataclass(frozen=True, slots=True)
class _Said:
    """What is stored of a clause: its content, what that was before it was filled, whose it is."""

    content: Content
    pattern: list[str] = field(default_factory=list)
    lineage: str = field(default_factory=new_uid)


class StaleError(Exception):
    """Somebody else changed the clause meanwhile; ``clause`` is how it is now."""

    def __init__(self, clause: Clause) -> None:
        super().__init__(str(clause.pk))
        self.clause = clause


@transaction.atomic
def start_draft(owner: Owner, *, like: Owner | None = None, by: User | None) -> TextVersion:
    """Return the working draft; where there is none, one that says what the newest version says.

    Where there is no version either it says what the text of ``like`` says, or nothing.
    """
    _lock(owner)
    source = current_text(owner) or (current_text(like) if like else None)
    return draft_of(owner) or _new_draft(owner, source, by)


@transaction.atomic
def draft_from_template(
    agreement: Agreement, template: AgreementTemplate, *, by: User | None
) -> tuple[TextVersion, list[str]]:
    """Begin the text of an agreement with a template, filled from the agreement's data.

    Returns the draft and the names that had no value. Raises TextRefusedError ``text.present``
    when words are there: nothing is overwritten.
    """
    _lock(agreement)
    draft = draft_of(agreement) or _new_draft(agreement, None, by)
    if draft.clauses.exists() or agreement.texts.exclude(pk=draft.pk).exists():
        raise TextRefusedError("text.present")
    source = template_text(template)
    values = placeholder_values(agreement)
    missing: list[str] = []
    said = []
    for clause in clauses_of(source) if source else []:
        pattern = content_of(clause)
        content, without = filled(pattern, values)
        missing += without
        said.append(_Said(content, _pattern(pattern)))
    _insert(draft, said, by)
    _record("text_drafted", agreement, {"template": template.uid}, by)
    return draft, list(dict.fromkeys(missing))


@transaction.atomic
def inherit_clauses(agreement: Agreement, *, by: User | None) -> int:
    """Take over the clauses of the national agreement that are not here yet; how many came.

    Names in braces that were filled from the national record are filled from this one's.
    """
    _lock(agreement)
    values = placeholder_values(agreement)
    draft = draft_of(agreement) or _new_draft(agreement, current_text(agreement), by)
    here = set(draft.clauses.values_list("lineage", flat=True))
    new = [one for lineage, one in clauses_of_parent(agreement).items() if lineage not in here]
    for clause in new:
        said = _Said(content_of(clause), clause.pattern, clause.lineage)
        _append(draft, _filled_anew(said, values), by=by)
    if new:
        _record("text_inherited", agreement, {"clauses": len(new)}, by)
    return len(new)


@transaction.atomic
def inherit_text(agreement: Agreement, *, by: User | None) -> TextVersion | None:
    """Begin the text of a provincial agreement with that of the national one, kept as version 1.

    None when the national one has no text. Raises TextRefusedError ``text.present`` when words
    are there.
    """
    _lock(agreement)
    source = current_text(agreement.parent) if agreement.parent else None
    if agreement.texts.exists():
        raise TextRefusedError("text.present")
    if source is None or not inherit_clauses(agreement, by=by):
        return None
    draft = draft_of(agreement)
    assert draft is not None  # inherit_clauses has made it
    version = _kept(agreement, draft, "", by)
    agreement.texts.filter(pk__in=[draft.pk, version.pk]).update(inherited_from=source)
    version.inherited_from = source
    return version


@transaction.atomic
def begin_like(
    agreement: Agreement, source: TextVersion | None, *, by: User | None
) -> TextVersion | None:
    """Begin the text of an agreement with another's: version 1 as it was, the draft filled anew.

    What names in braces had filled differs between the two, word by word. None without words to
    begin with.
    """
    _lock(agreement)
    if source is None or not source.clauses.exists():
        return None
    draft = _new_draft(agreement, source, by)
    _kept(agreement, draft, "", by)
    fill_anew(draft, by=by)
    return draft


@transaction.atomic
def write_text(owner: Owner, contents: Sequence[Content], *, by: User | None) -> TextVersion:
    """Write a whole text where there is none, and keep it as the first version."""
    _lock(owner)
    draft = _new_draft(owner, None, by)
    _insert(draft, [_judged(owner, content) for content in contents], by)
    return _kept(owner, draft, "", by)


@transaction.atomic
def add_clause(
    draft: TextVersion, *, content: Content, after: int | None = None, by: User | None
) -> Clause:
    """Add a clause behind a place (0: first), at the end without. Raises TextRefusedError."""
    owner = _lock_draft(draft)
    clause = _append(draft, _judged(owner, content), by=by)
    if after is not None:
        others = [one.pk for one in draft.clauses.order_by("ordinal") if one.pk != clause.pk]
        _put_in_order(draft, [*others[:after], clause.pk, *others[after:]])
        clause.refresh_from_db()
    _record("clause_added", owner, {"clause": clause.uid}, by)
    return clause


@transaction.atomic
def save_clause(clause: Clause, *, seen: int, content: Content, by: User | None) -> bool:
    """Write a clause and its notes; whether anything changed.

    ``seen`` is the revision that the writer had before them. Raises StaleError when there is
    another by now that says something else, and TextRefusedError (``clause.gone`` when it was
    removed).
    """
    owner = _lock_draft(clause.version)
    said = _judged(owner, content)
    now = _fresh(clause)
    if content_of(now) == said.content:
        return False
    if now.revision != seen:
        raise StaleError(now)
    _rewrite(now, said, by)
    _record("clause_changed", owner, {"clause": now.uid, "revision": now.revision}, by)
    return True


@transaction.atomic
def fill_anew(draft: TextVersion, *, by: User | None) -> int:
    """Let the clauses that nobody has rewritten say what the record says now; how many changed."""
    owner = _lock_draft(draft)
    changed = outdated(draft)
    for clause, content in changed:
        _rewrite(clause, _Said(content, clause.pattern), by)
    if changed:
        _record("text_filled_anew", owner, {"clauses": len(changed)}, by)
    return len(changed)


@transaction.atomic
def move_clause(clause: Clause, *, step: int, by: User | None) -> None:
    """Move a clause up (-1) or down (1) by one place; at the end nothing happens."""
    owner = _lock_draft(clause.version)
    order = list(clause.version.clauses.order_by("ordinal").values_list("pk", flat=True))
    place = order.index(_fresh(clause).pk)
    goal = place + step
    if not 0 <= goal < len(order):
        return
    order.insert(goal, order.pop(place))
    _put_in_order(clause.version, order)
    _record("clause_moved", owner, {"clause": clause.uid, "to": goal + 1}, by)


@transaction.atomic
def move_note(clause: Clause, *, number: int, step: int, seen: int, by: User | None) -> None:
    """Move a note of a clause by one place. Raises StaleError as ``save_clause`` does."""
    _lock_draft(clause.version)
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
    owner = _lock_draft(clause.version)
    now = _fresh(clause)
    if now.revision != seen:
        raise StaleError(now)
    now.delete()
    order = clause.version.clauses.order_by("ordinal").values_list("pk", flat=True)
    _put_in_order(clause.version, list(order))
    _record("clause_removed", owner, {"clause": now.uid}, by)


@transaction.atomic
def save_as_version(draft: TextVersion, *, note: str, by: User | None) -> TextVersion:
    """Keep the draft as it is now under the next number; the draft goes on.

    Raises TextRefusedError when it has no clause, or says what the newest version says.
    """
    owner = _lock_draft(draft)
    return _kept(owner, draft, clean(note)[:400], by)


@transaction.atomic
def go_back_to(version: TextVersion, *, by: User | None) -> TextVersion:
    """Make the draft say what a kept version said; what the draft said is kept first."""
    owner = owner_of(version)
    _lock(owner)
    draft = draft_of(owner) or _new_draft(owner, None, by)
    with contextlib.suppress(TextRefusedError):  # nothing in it that no version has
        _kept(owner, draft, "", by)
    draft.clauses.all().delete()
    _copy(version, draft, by)
    _record("text_taken_back", owner, {"to": version.number}, by)
    return draft


@transaction.atomic
def freeze(agreement: Agreement, *, by: User | None) -> TextVersion | None:
    """Keep the words that were signed: the newest version is the signed one from now on.

    A draft that says something else becomes that version; then there is no draft any more. None
    for an agreement without a text. The caller holds the lock on the agreement.
    """
    draft = draft_of(agreement)
    if draft:
        with contextlib.suppress(TextRefusedError):  # nothing in it that no version has
            _kept(agreement, draft, "", by)
        draft.delete()
    last = agreement.texts.exclude(number=None).first()
    if last:
        agreement.texts.filter(pk=last.pk).update(is_signed=True)
        last.is_signed = True
        _record("text_signed", agreement, {"version": last.number}, by)
    return last


def owner_of(version: TextVersion) -> Owner:
    """Return the agreement or template that a text belongs to."""
    owner = version.agreement or version.template
    assert owner is not None  # a constraint of the table
    return owner


def _lock(owner: Owner) -> None:
    """Wait for other writers of this text. Raises TextRefusedError once it is frozen."""
    locked = type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    if not is_editable(locked):
        raise TextRefusedError("text.frozen")


def _lock_draft(draft: TextVersion) -> Owner:
    owner = owner_of(draft)
    _lock(owner)
    if not draft.is_draft or not TextVersion.objects.filter(pk=draft.pk, number=None).exists():
        raise TextRefusedError("text.frozen")
    return owner


def _fresh(clause: Clause) -> Clause:
    """Return the clause as it is now. Raises TextRefusedError when it is gone."""
    now = Clause.objects.select_related("changed_by").filter(pk=clause.pk).first()
    if now is None:
        raise TextRefusedError("clause.gone")
    return now


def _judged(owner: Owner, content: Content) -> _Said:
    """Return what is stored: tidy, and in an agreement with values for names."""
    content = tidy(content)
    if codes := refusals(content):
        raise TextRefusedError(codes[0])
    if strange := [name for text in content.parts for name in placeholders.unknown(text)]:
        raise TextRefusedError("placeholder.unknown", list(dict.fromkeys(strange)))
    said = _Said(content, _pattern(content))
    if isinstance(owner, Agreement) and said.pattern:
        return _filled_anew(said, placeholder_values(owner))
    return said if isinstance(owner, Agreement) else _Said(content)


def _pattern(content: Content) -> list[str]:
    """Return what a clause says with its names in braces; nothing when there are none."""
    return list(content.parts) if placeholders.any_in(content.parts) else []


def _filled_anew(said: _Said, values: Mapping[str, str]) -> _Said:
    if not said.pattern:
        return said
    content, _missing = filled(content_from(said.pattern), values)
    return replace(said, content=content)


def _rewrite(clause: Clause, said: _Said, by: User | None) -> None:
    clause.heading, clause.text = said.content.heading, said.content.text
    clause.pattern, clause.changed_by = said.pattern, by
    clause.revision += 1
    clause.save()
    clause.notes.all().delete()
    _write_notes(clause, said.content)


def _new_draft(owner: Owner, source: TextVersion | None, by: User | None) -> TextVersion:
    draft = _new_text(owner, by=by)
    if source:
        _copy(source, draft, by)
    return draft


def _kept(owner: Owner, draft: TextVersion, note: str, by: User | None) -> TextVersion:
    said = numbered(clauses_of(draft))
    if not said:
        raise TextRefusedError("text.empty")
    last = owner.texts.exclude(number=None).first()
    if last and _same(numbered(clauses_of(last)), said):
        raise TextRefusedError("text.unchanged")
    number = (last.number or 0) + 1 if last else 1
    version = _new_text(owner, number=number, note=note, by=by)
    _copy(draft, version, by)
    _record("text_kept", owner, {"version": version.number}, by)
    return version


def _new_text(
    owner: Owner, *, number: int | None = None, note: str = "", by: User | None
) -> TextVersion:
    return TextVersion.objects.create(
        agreement=owner if isinstance(owner, Agreement) else None,
        template=owner if isinstance(owner, AgreementTemplate) else None,
        number=number,
        note=note,
        made_by=by,
    )


def _same(one: Sequence[Numbered], other: Sequence[Numbered]) -> bool:
    return [(c.lineage, c.content) for c in one] == [(c.lineage, c.content) for c in other]


def _append(draft: TextVersion, said: _Said, *, by: User | None) -> Clause:
    count = draft.clauses.count()
    if count >= MOST_CLAUSES:
        raise TextRefusedError("text.too_long")
    clause = _clause(draft, count + 1, said, by)
    clause.save()
    _write_notes(clause, said.content)
    TextVersion.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)
    return clause


def _clause(version: TextVersion, place: int, said: _Said, by: User | None) -> Clause:
    return Clause(
        version=version,
        ordinal=place,
        heading=said.content.heading,
        text=said.content.text,
        pattern=said.pattern,
        lineage=said.lineage,
        changed_by=by,
    )


def _write_notes(clause: Clause, content: Content) -> None:
    Note.objects.bulk_create(
        Note(clause=clause, ordinal=number, text=text)
        for number, text in enumerate(content.notes, 1)
    )


def _copy(source: TextVersion, goal: TextVersion, by: User | None) -> None:
    said = [_Said(content_of(one), one.pattern, one.lineage) for one in clauses_of(source)]
    _insert(goal, said, by)


def _insert(goal: TextVersion, said: Sequence[_Said], by: User | None) -> None:
    """Write clauses into an empty text, in a number of queries that does not grow with them."""
    clauses = Clause.objects.bulk_create(
        _clause(goal, place, one, by) for place, one in enumerate(said, 1)
    )
    Note.objects.bulk_create(
        Note(clause=clause, ordinal=number, text=text)
        for clause, one in zip(clauses, said, strict=True)
        for number, text in enumerate(one.content.notes, 1)
    )


def _put_in_order(draft: TextVersion, order: Sequence[int]) -> None:
    """Number the clauses anew: aside first, since no two may have one place at any moment."""
    draft.clauses.update(ordinal=F("ordinal") + _ASIDE)
    places = {pk: place for place, pk in enumerate(order, 1)}
    clauses = list(draft.clauses.all())
    for clause in clauses:
        clause.ordinal = places[clause.pk]
    Clause.objects.bulk_update(clauses, ["ordinal"])
    TextVersion.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)


def _record(action: str, owner: Owner, details: dict[str, object], by: User | None) -> None:
    kind = "agreement" if isinstance(owner, Agreement) else "template"
    record(action=f"agreements.{action}", target=f"{kind}:{owner.uid}", details=details, by=by)

"""What all writes of texts share: the lock, the refusals, and rows of clauses and notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import F

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, AgreementTemplate, Clause, Note, TextVersion
from tafahom.agreements.texts import placeholders
from tafahom.agreements.texts.queries import (
    clauses_of,
    content_of,
    filled,
    is_editable,
    numbered,
    placeholder_values,
)
from tafahom.agreements.texts.rules import (
    LONGEST_HEADING,
    LONGEST_TEXT,
    MAX_CLAUSES,
    MAX_NOTES,
    Content,
    Numbered,
    content_from,
    refusals,
    tidy,
)
from tafahom.audit.actions import record
from tafahom.parties.models import new_uid
from tafahom.refusals import Refusal

Owner = Agreement | AgreementTemplate


@dataclass(frozen=True, slots=True)
class StoredClause:
    """What is stored of a clause: its content, what that was before it was filled, whose it is."""

    content: Content
    pattern: list[str] = field(default_factory=list)
    lineage: str = field(default_factory=new_uid)


class StaleError(Exception):
    """Somebody else changed the clause meanwhile; ``clause`` is how it is now."""

    def __init__(self, clause: Clause) -> None:
        super().__init__(str(clause.pk))
        self.clause = clause


def owner_of(version: TextVersion) -> Owner:
    """Return the agreement or template that a text belongs to."""
    owner = version.agreement or version.template
    assert owner is not None  # a constraint of the table
    return owner


def lock(owner: Owner) -> None:
    """Wait for other writers of this text. Raises Refusal once it is frozen."""
    locked = type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    if not is_editable(locked):
        raise Refusal("text.frozen")


def lock_draft(draft: TextVersion) -> Owner:
    """Lock what a working draft belongs to, and return it. Raises Refusal ``text.frozen``."""
    owner = owner_of(draft)
    lock(owner)
    if not draft.is_draft or not TextVersion.objects.filter(pk=draft.pk, number=None).exists():
        raise Refusal("text.frozen")
    return owner


def judged(owner: Owner, content: Content) -> StoredClause:
    """Return what is stored: tidy, and in an agreement with values for names."""
    content = tidy(content)
    if codes := refusals(content):
        raise Refusal(codes[0], heading=LONGEST_HEADING, text=LONGEST_TEXT, notes=MAX_NOTES)
    if strange := [name for text in content.parts for name in placeholders.unknown(text)]:
        raise Refusal("placeholder.unknown", names=list(dict.fromkeys(strange)))
    said = StoredClause(content, pattern_of(content))
    if isinstance(owner, Agreement) and said.pattern:
        return filled_anew(said, placeholder_values(owner))
    return said if isinstance(owner, Agreement) else StoredClause(content)


def pattern_of(content: Content) -> list[str]:
    """Return what a clause says with its names in braces; nothing when there are none."""
    return list(content.parts) if placeholders.any_in(content.parts) else []


def filled_anew(said: StoredClause, values: Mapping[str, str]) -> StoredClause:
    """Return a clause with its names in braces filled by these values; as it is without any."""
    if not said.pattern:
        return said
    content, _missing = filled(content_from(said.pattern), values)
    return replace(said, content=content)


def rewrite(clause: Clause, said: StoredClause, by: User | None) -> None:
    """Give a clause other words and its next revision."""
    clause.heading, clause.text = said.content.heading, said.content.text
    clause.pattern, clause.changed_by = said.pattern, by
    clause.revision += 1
    clause.save()
    clause.notes.all().delete()
    write_notes(clause, said.content)


def new_draft(owner: Owner, source: TextVersion | None, by: User | None) -> TextVersion:
    """Make the working draft, saying what a version says if one is given."""
    draft = new_text(owner, by=by)
    if source:
        copy_text(source, draft, by)
    return draft


def keep(owner: Owner, draft: TextVersion, note: str, by: User | None) -> TextVersion:
    """Keep what a draft says as the next version. Raises Refusal ``text.empty``, ``text.unchanged``."""
    said = numbered(clauses_of(draft))
    if not said:
        raise Refusal("text.empty")
    last = owner.texts.exclude(number=None).first()
    if last and _same(numbered(clauses_of(last)), said):
        raise Refusal("text.unchanged")
    number = (last.number or 0) + 1 if last else 1
    version = new_text(owner, number=number, note=note, by=by)
    copy_text(draft, version, by)
    record_text("text_kept", owner, {"version": version.number}, by)
    return version


def new_text(
    owner: Owner, *, number: int | None = None, note: str = "", by: User | None
) -> TextVersion:
    """Make a text without clauses; without a number it is the working draft."""
    return TextVersion.objects.create(
        agreement=owner if isinstance(owner, Agreement) else None,
        template=owner if isinstance(owner, AgreementTemplate) else None,
        number=number,
        note=note,
        made_by=by,
    )


def _same(one: Sequence[Numbered], other: Sequence[Numbered]) -> bool:
    return [(c.lineage, c.content) for c in one] == [(c.lineage, c.content) for c in other]


def append(draft: TextVersion, said: StoredClause, *, by: User | None) -> Clause:
    """Add a clause at the end of a draft. Raises Refusal ``text.too_long``."""
    count = draft.clauses.count()
    if count >= MAX_CLAUSES:
        raise Refusal("text.too_long", clauses=MAX_CLAUSES)
    clause = _clause(draft, count + 1, said, by)
    clause.save()
    write_notes(clause, said.content)
    TextVersion.objects.filter(pk=draft.pk).update(revision=F("revision") + 1)
    return clause


def _clause(version: TextVersion, place: int, said: StoredClause, by: User | None) -> Clause:
    return Clause(
        version=version,
        ordinal=place,
        heading=said.content.heading,
        text=said.content.text,
        pattern=said.pattern,
        lineage=said.lineage,
        changed_by=by,
    )


def write_notes(clause: Clause, content: Content) -> None:
    """Write the notes of a clause that has none."""
    Note.objects.bulk_create(
        Note(clause=clause, ordinal=number, text=text)
        for number, text in enumerate(content.notes, 1)
    )


def copy_text(source: TextVersion, goal: TextVersion, by: User | None) -> None:
    """Write the clauses of one text into an empty one."""
    said = [StoredClause(content_of(one), one.pattern, one.lineage) for one in clauses_of(source)]
    insert(goal, said, by)


def insert(goal: TextVersion, said: Sequence[StoredClause], by: User | None) -> None:
    """Write clauses into an empty text, in a number of queries that does not grow with them."""
    clauses = Clause.objects.bulk_create(
        _clause(goal, place, one, by) for place, one in enumerate(said, 1)
    )
    Note.objects.bulk_create(
        Note(clause=clause, ordinal=number, text=text)
        for clause, one in zip(clauses, said, strict=True)
        for number, text in enumerate(one.content.notes, 1)
    )


def record_text(action: str, owner: Owner, details: dict[str, object], by: User | None) -> None:
    """Record an act on a text in the name of its agreement or template."""
    kind = "agreement" if isinstance(owner, Agreement) else "template"
    record(action=f"agreements.{action}", target=f"{kind}:{owner.uid}", details=details, by=by)

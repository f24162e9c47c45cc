"""Texts of agreements as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import Http404

from tafahom.agreements.models import Agreement, AgreementTemplate, Clause, TextVersion
from tafahom.agreements.texts.queries import (
    clauses_of,
    clauses_of_parent,
    content_of,
    numbered,
    texts_in_reach,
)
from tafahom.agreements.texts.rules import (
    ClauseChange,
    Numbered,
    clause_title,
    compare_contents,
    note_title,
)
from tafahom.agreements.texts.writing import owner_of


@dataclass(frozen=True, slots=True)
class ShownClause:
    """A clause with the numbers it is read with.

    ``inherited`` says that it was taken from the national agreement, ``differs`` in what.
    """

    clause: Clause
    number: int
    title: str
    notes: list[tuple[int, str, str]]
    inherited: Numbered | None = None
    differs: ClauseChange | None = None
    is_first: bool = False
    is_last: bool = False


def shown_clauses(version: TextVersion) -> list[ShownClause]:
    """Return the clauses of a text as they are read."""
    owner = owner_of(version)
    parents = _parents(owner) if isinstance(owner, Agreement) else {}
    clauses = clauses_of(version)
    return [_shown(clause, place, len(clauses), parents) for place, clause in enumerate(clauses, 1)]


def _parents(agreement: Agreement) -> dict[str, Numbered]:
    found = numbered(clauses_of_parent(agreement).values())
    return {clause.lineage: clause for clause in found}


def _shown(clause: Clause, place: int, of: int, parents: Mapping[str, Numbered]) -> ShownClause:
    notes = [note.text for note in clause.notes.all()]
    inherited = parents.get(clause.lineage)
    difference = compare_contents(inherited.content, content_of(clause)) if inherited else None
    return ShownClause(
        clause=clause,
        number=place,
        title=clause_title(place),
        notes=[(n, note_title(n, len(notes)), text) for n, text in enumerate(notes, 1)],
        inherited=inherited,
        differs=difference if difference and difference.differs else None,
        is_first=place == 1,
        is_last=place == of,
    )


def missing_from_parent(agreement: Agreement, shown: Sequence[ShownClause]) -> int:
    """Count the clauses of the national agreement that this text does not have."""
    here = {one.clause.lineage for one in shown}
    return sum(1 for lineage in clauses_of_parent(agreement) if lineage not in here)


def text_or_404(uid: str) -> TextVersion:
    """Return a text that who asks may see. Raises Http404."""
    version = texts_in_reach().filter(uid=uid).first()
    if version is None:
        raise Http404
    return version


def home_of(owner: Agreement | AgreementTemplate) -> str:
    """Return the name of the page where the texts of an owner are."""
    return "web:agreement_text" if isinstance(owner, Agreement) else "web:template_detail"

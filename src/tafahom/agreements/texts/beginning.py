"""Beginning the text of an agreement or template: with nothing, a template, or another's words."""

from collections.abc import Sequence

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, AgreementTemplate, TextVersion
from tafahom.agreements.texts.actions import fill_anew
from tafahom.agreements.texts.queries import (
    clauses_of,
    clauses_of_parent,
    content_of,
    current_text,
    draft_of,
    filled,
    placeholder_values,
    template_text,
)
from tafahom.agreements.texts.rules import (
    Content,
)
from tafahom.agreements.texts.writing import (
    Owner,
    StoredClause,
    append,
    filled_anew,
    insert,
    judged,
    keep,
    lock,
    new_draft,
    pattern_of,
    record_text,
)
from tafahom.refusals import Refusal


@transaction.atomic
def start_draft(owner: Owner, *, like: Owner | None = None, by: User | None) -> TextVersion:
    """Return the working draft; where there is none, one that says what the newest version says.

    Where there is no version either it says what the text of ``like`` says, or nothing.
    """
    lock(owner)
    source = current_text(owner) or (current_text(like) if like else None)
    return draft_of(owner) or new_draft(owner, source, by)


@transaction.atomic
def draft_from_template(
    agreement: Agreement, template: AgreementTemplate, *, by: User | None
) -> tuple[TextVersion, list[str]]:
    """Begin the text of an agreement with a template, filled from the agreement's data.

    Returns the draft and the names that had no value. Raises Refusal ``text.present``
    when words are there: nothing is overwritten.
    """
    lock(agreement)
    draft = draft_of(agreement) or new_draft(agreement, None, by)
    if draft.clauses.exists() or agreement.texts.exclude(pk=draft.pk).exists():
        raise Refusal("text.present")
    source = template_text(template)
    values = placeholder_values(agreement)
    missing: list[str] = []
    said = []
    for clause in clauses_of(source) if source else []:
        pattern = content_of(clause)
        content, without = filled(pattern, values)
        missing += without
        said.append(StoredClause(content, pattern_of(pattern)))
    insert(draft, said, by)
    record_text("text_drafted", agreement, {"template": template.uid}, by)
    return draft, list(dict.fromkeys(missing))


@transaction.atomic
def inherit_clauses(agreement: Agreement, *, by: User | None) -> int:
    """Take over the clauses of the national agreement that are not here yet; how many came.

    Names in braces that were filled from the national record are filled from this one's.
    """
    lock(agreement)
    values = placeholder_values(agreement)
    draft = draft_of(agreement) or new_draft(agreement, current_text(agreement), by)
    here = set(draft.clauses.values_list("lineage", flat=True))
    new = [one for lineage, one in clauses_of_parent(agreement).items() if lineage not in here]
    for clause in new:
        said = StoredClause(content_of(clause), clause.pattern, clause.lineage)
        append(draft, filled_anew(said, values), by=by)
    if new:
        record_text("text_inherited", agreement, {"clauses": len(new)}, by)
    return len(new)


@transaction.atomic
def inherit_text(agreement: Agreement, *, by: User | None) -> TextVersion | None:
    """Begin the text of a provincial agreement with that of the national one, kept as version 1.

    None when the national one has no text. Raises Refusal ``text.present`` when words
    are there.
    """
    lock(agreement)
    source = current_text(agreement.parent) if agreement.parent else None
    if agreement.texts.exists():
        raise Refusal("text.present")
    if source is None or not inherit_clauses(agreement, by=by):
        return None
    draft = draft_of(agreement)
    assert draft is not None  # inherit_clauses has made it
    version = keep(agreement, draft, "", by)
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
    lock(agreement)
    if source is None or not source.clauses.exists():
        return None
    draft = new_draft(agreement, source, by)
    keep(agreement, draft, "", by)
    fill_anew(draft, by=by)
    return draft


@transaction.atomic
def write_text(owner: Owner, contents: Sequence[Content], *, by: User | None) -> TextVersion:
    """Write a whole text where there is none, and keep it as the first version."""
    lock(owner)
    draft = new_draft(owner, None, by)
    insert(draft, [judged(owner, content) for content in contents], by)
    return keep(owner, draft, "", by)

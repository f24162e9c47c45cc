"""What a draft says, and what becomes of it when two edit it at once. Knows no framework."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """What may be edited before an agreement is signed.

    ``parent`` is the number of the national agreement that it implements, empty for none.
    """

    number: str
    partner_id: int
    level: str
    parent: str
    subject: str
    starts_on: dt.date
    ends_on: dt.date


NAMES = tuple(field.name for field in fields(DraftFacts))


def changed_names(before: DraftFacts, after: DraftFacts) -> tuple[str, ...]:
    """Return the names of what differs."""
    return tuple(name for name in NAMES if getattr(before, name) != getattr(after, name))


def merged(base: DraftFacts, theirs: DraftFacts, mine: DraftFacts) -> DraftFacts:
    """Return mine where I changed something since ``base``, and theirs everywhere else."""
    return replace(theirs, **{name: getattr(mine, name) for name in changed_names(base, mine)})


def clashes(base: DraftFacts, theirs: DraftFacts, mine: DraftFacts) -> Iterator[str]:
    """Give the names of what both changed, each to something else."""
    for name in set(changed_names(base, theirs)) & set(changed_names(base, mine)):
        if getattr(theirs, name) != getattr(mine, name):
            yield name


def wrong_term(facts: DraftFacts) -> bool:
    """Whether the term ends before it begins."""
    return facts.ends_on < facts.starts_on

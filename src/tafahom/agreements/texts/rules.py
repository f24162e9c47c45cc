"""Clauses and notes: how they are read and numbered, and what two texts differ in. No framework."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from tafahom.agreements.rules import LifeState
from tafahom.persian import clean, normal_key, to_persian_digits
from tafahom.persian.diff import Piece, changed, word_diff

T = TypeVar("T")
# In these the words of an agreement may change; what is signed stays as it was signed.
EDITABLE = frozenset({LifeState.PROPOSED, LifeState.DRAFTING, LifeState.NEGOTIATION})
MAX_CLAUSES, MAX_NOTES = 200, 30
LONGEST_HEADING, LONGEST_TEXT = 200, 20_000
_ALIKE = 0.5


@dataclass(frozen=True, slots=True)
class Content:
    """What a clause says: its heading, its text in lines, and its notes in order."""

    heading: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.heading or self.text or self.notes)

    @property
    def parts(self) -> tuple[str, ...]:
        """Heading, text and notes."""
        return (self.heading, self.text, *self.notes)


def content_from(parts: Sequence[str]) -> Content:
    """Return the content with these ``parts``."""
    heading, text, *notes = parts
    return Content(heading, text, tuple(notes))


@dataclass(frozen=True, slots=True)
class Numbered:
    """A clause in its place: number from 1, and the lineage it shares with its other versions."""

    lineage: str
    number: int
    content: Content


def tidy(content: Content) -> Content:
    """Return the content as it is stored: cleaned line by line, empty notes gone."""
    notes = (clean_lines(note) for note in content.notes)
    return Content(
        heading=clean(content.heading),
        text=clean_lines(content.text),
        notes=tuple(note for note in notes if note),
    )


def merged(base: Content, theirs: Content, mine: Content) -> Content:
    """Return what I wrote, and theirs wherever I left the heading, the text or the notes alone.

    ``base`` is what both began with.
    """
    return Content(
        heading=theirs.heading if mine.heading == base.heading else mine.heading,
        text=theirs.text if mine.text == base.text else mine.text,
        notes=theirs.notes if mine.notes == base.notes else mine.notes,
    )


def clean_lines(text: str) -> str:
    """Clean each line of a text; empty lines go."""
    lines = (clean(line) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def refusals(content: Content) -> list[str]:
    """Return codes of what stands against a content.

    ``clause.empty``, ``clause.too_long``, ``clause.too_many_notes``.
    """
    found = []
    if content.is_empty:
        found.append("clause.empty")
    longest = max(map(len, (content.text, *content.notes)))
    if len(content.heading) > LONGEST_HEADING or longest > LONGEST_TEXT:
        found.append("clause.too_long")
    if len(content.notes) > MAX_NOTES:
        found.append("clause.too_many_notes")
    return found


def clause_title(number: int) -> str:
    """Return «ماده ۳»."""
    return to_persian_digits(f"ماده {number}")


def note_title(number: int, of: int) -> str:
    """Return «تبصره ۲», or «تبصره» for the only one of its clause."""
    return "تبصره" if of == 1 else to_persian_digits(f"تبصره {number}")


class DiffKind(StrEnum):
    """What became of a clause; one that was moved may have changed too."""

    SAME = "same"
    CHANGED = "changed"
    MOVED = "moved"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class NoteChange:
    """A note in two texts: its numbers there (None where it is not) and its words."""

    old_number: int | None
    new_number: int | None
    words: list[Piece]
    title: str


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause in two texts: its numbers there (None where it is not) and its words."""

    change: DiffKind
    old_number: int | None
    new_number: int | None
    heading: list[Piece]
    text: list[Piece]
    notes: list[NoteChange]

    @property
    def shown_number(self) -> str:
        """The number it is read with: that in the new text, or the one it had."""
        return to_persian_digits(str(self.new_number or self.old_number))

    @property
    def differs(self) -> bool:
        return self.change != DiffKind.SAME


def compare(old: Sequence[Numbered], new: Sequence[Numbered]) -> list[ClauseChange]:
    """Return what became of each clause, in the order of the new text.

    Clauses are the same by lineage, else by heading, else when half of their words are. One that
    is gone stands where it stood: after the one that came before it.
    """
    pairs = _paired(old, new)
    origin = {after.number: before for before, after in pairs}
    moved = _moved([(before.number, after.number) for before, after in pairs])
    kept = {before.number for before, _after in pairs}
    result: list[ClauseChange] = []
    gone = [clause for clause in old if clause.number not in kept]
    place = 0
    for clause in new:
        before = origin.get(clause.number)
        if before and clause.number not in moved:
            while gone and gone[0].number < before.number:
                result.insert(place, _change(gone.pop(0), None, moved=False))
                place += 1
        result.append(_change(before, clause, moved=clause.number in moved))
        if before and clause.number not in moved:
            place = len(result)
    result[place:place] = [_change(clause, None, moved=False) for clause in gone]
    return result


def compare_contents(old: Content, new: Content) -> ClauseChange:
    """Return what differs between two contents of one clause."""
    return _change(Numbered("", 1, old), Numbered("", 1, new), moved=False)


def _change(before: Numbered | None, after: Numbered | None, *, moved: bool) -> ClauseChange:
    old = before.content if before else Content("", "")
    new = after.content if after else Content("", "")
    heading, text = word_diff(old.heading, new.heading), word_diff(old.text, new.text)
    notes = _notes(old.notes, new.notes)
    kind = DiffKind.SAME
    if before is None:
        kind = DiffKind.ADDED
    elif after is None:
        kind = DiffKind.REMOVED
    elif moved:
        kind = DiffKind.MOVED
    elif changed(heading) or changed(text) or any(changed(note.words) for note in notes):
        kind = DiffKind.CHANGED
    return ClauseChange(
        change=kind,
        old_number=before.number if before else None,
        new_number=after.number if after else None,
        heading=heading,
        text=text,
        notes=notes,
    )


def _notes(old: Sequence[str], new: Sequence[str]) -> list[NoteChange]:
    """Pair notes by their words, in the order of the new ones; those that are gone come last."""
    pairs = dict(_matches(list(enumerate(old)), list(enumerate(new)), lambda note: note[1]))
    by_new = {after[0]: before[0] for before, after in pairs.items()}
    found = []
    for place, text in enumerate(new):
        origin = by_new.get(place)
        before = old[origin] if origin is not None else ""
        number = origin + 1 if origin is not None else None
        title = note_title(place + 1, len(new))
        found.append(NoteChange(number, place + 1, word_diff(before, text), title))
    kept = set(by_new.values())
    return found + [
        NoteChange(place + 1, None, word_diff(text, ""), note_title(place + 1, len(old)))
        for place, text in enumerate(old)
        if place not in kept
    ]


def _paired(old: Sequence[Numbered], new: Sequence[Numbered]) -> list[tuple[Numbered, Numbered]]:
    """Pair the clauses of two texts, in the order of the new one."""
    by_lineage = {clause.lineage: clause for clause in old}
    pairs = [(by_lineage[clause.lineage], clause) for clause in new if clause.lineage in by_lineage]
    known = {clause.lineage for clause in new} & set(by_lineage)
    left = [clause for clause in old if clause.lineage not in known]
    come = [clause for clause in new if clause.lineage not in known]
    for before in list(left):
        heading = normal_key(before.content.heading)
        twin = next((c for c in come if heading and normal_key(c.content.heading) == heading), None)
        if twin:
            pairs.append((before, twin))
            left.remove(before)
            come.remove(twin)
    pairs += _matches(left, come, lambda clause: f"{clause.content.heading} {clause.content.text}")
    return sorted(pairs, key=lambda pair: pair[1].number)


def _matches(old: list[T], new: list[T], words: Callable[[T], str]) -> list[tuple[T, T]]:
    """Pair what is most alike first; what shares less than half of its words stays alone."""
    before = [Counter(words(one).split()) for one in old]
    after = [Counter(words(one).split()) for one in new]
    scored = sorted(
        (-_likeness(one, other), abs(i - j), i, j)
        for i, one in enumerate(before)
        for j, other in enumerate(after)
    )
    pairs: list[tuple[T, T]] = []
    used_old: set[int] = set()
    used_new: set[int] = set()
    for score, _distance, i, j in scored:
        if -score < _ALIKE:
            break
        if i not in used_old and j not in used_new:
            pairs.append((old[i], new[j]))
            used_old.add(i)
            used_new.add(j)
    return pairs


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return the share of words that two texts have in common, whatever their order."""
    both = one.total() + other.total()
    return 2 * (one & other).total() / both if both else 0.0


def _moved(places: Iterable[tuple[int, int]]) -> set[int]:
    """Return the new numbers of clauses that changed order: all but a longest run in order."""
    listed = list(places)  # in the order of the new numbers
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for place, (old, _new) in enumerate(listed):
        length = bisect_left(ends, old)
        before.append(at[length - 1] if length else -1)
        ends[length : length + 1] = [old]
        at[length : length + 1] = [place]
    in_order, place = set(), at[-1] if at else -1
    while place >= 0:
        in_order.add(listed[place][1])
        place = before[place]
    return {new for _old, new in listed} - in_order

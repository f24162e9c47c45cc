"""What a heading says: a field, the unit of its numbers, and whether that is sure."""

import re
from dataclasses import dataclass

from tafahom.exchange.rosters.parsing.fields import Vocabulary
from tafahom.exchange.rosters.parsing.meanings import HOUR_FIELDS, MARK_FIELDS
from tafahom.persian import clean, normal_key

NAME_FIELDS = frozenset({"first_name", "last_name", "full_name", "father_name"})
IDENTITY_FIELDS = frozenset({"national_id", "fida_code", "identity"})
# What «نظری» and «عملی» may mean where no heading above them says which.
CHOICES = {
    "theory": ("theory_hours", "written_mark"),
    "practice": ("practice_hours", "practical_mark"),
}
MAX_UNIT_WORDS = 2
_BRACKETS = re.compile(r"[(\[{](.*?)[)\]}]")
_FOOTNOTE = re.compile(r"[\d\s*+†‡.,:؛،/\\-]*")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it was understood; ``field`` is empty where it was not.

    ``text`` is the heading with the one over it. Not ``is_sure`` where something in brackets may
    make it mean another thing: then it is asked. ``choices`` are the fields that an ambiguous
    heading may mean. ``is_ignored``: understood, and of no use.
    """

    text: str
    field: str = ""
    unit: str = ""
    is_sure: bool = True
    choices: tuple[str, ...] = ()
    is_ignored: bool = False


def column_name(column: int) -> str:
    """What a column without a heading is called, counted from one."""
    return f"ستون {column + 1}"


def read_heading(text: str, over: str, vocabulary: Vocabulary) -> Heading:
    """Read a heading; ``over`` is the one that spans it and its neighbours, or empty."""
    if not over:
        return _plain(clean(text), vocabulary)
    full = f"{clean(over)} / {clean(text)}"
    context = vocabulary.contexts.get(normal_key(over), "")
    if field := vocabulary.below.get((context, normal_key(text) or text.strip())):
        return Heading(full, field)
    if context in ("others", "father", "instructor"):
        return Heading(full)
    both = vocabulary.field_of(f"{over} {text}")
    if both:
        return Heading(full, both)
    parent, unit = _plain(clean(over), vocabulary), _unit(text, vocabulary)
    if unit and parent.field:
        return _with_unit(Heading(full, parent.field, parent.unit, parent.is_sure), unit)
    own = _plain(clean(text), vocabulary)
    is_sure = own.is_sure and not own.choices
    return Heading(full, own.field, own.unit, is_sure, own.choices, own.is_ignored)


def _plain(text: str, vocabulary: Vocabulary) -> Heading:
    if field := vocabulary.field_of(text):
        kind = vocabulary.ambiguous.get(normal_key(text))
        return Heading(text, choices=CHOICES[kind]) if kind else Heading(text, field)
    if vocabulary.ignores(text):
        return Heading(text, is_ignored=True)
    inside = [clean(part) for part in _BRACKETS.findall(text)]
    base = clean(_BRACKETS.sub(" ", text)) if inside else text
    heading = _base(text, base, vocabulary)
    for part in inside:
        heading = _bracketed(heading, part, vocabulary)
    return heading


def _base(text: str, base: str, vocabulary: Vocabulary) -> Heading:
    """The heading without its brackets; a unit may end it: «مدت دوره به دقیقه»."""
    if field := vocabulary.field_of(base):
        kind = vocabulary.ambiguous.get(normal_key(base))
        return Heading(text, choices=CHOICES[kind]) if kind else Heading(text, field)
    if vocabulary.ignores(base):
        return Heading(text, is_ignored=True)
    parts = base.replace("%", " % ").replace("٪", " ٪ ").split()
    for count in range(1, min(MAX_UNIT_WORDS, len(parts) - 1) + 1):
        unit = _unit(" ".join(parts[-count:]), vocabulary)
        field = vocabulary.field_of(" ".join(parts[:-count])) if unit else None
        if unit and field in HOUR_FIELDS | MARK_FIELDS:
            return _with_unit(Heading(text, field or ""), unit)
    return Heading(text)


def _bracketed(heading: Heading, part: str, vocabulary: Vocabulary) -> Heading:
    """What a part in brackets makes of a heading."""
    if not (heading.field or heading.choices) or heading.is_ignored:
        return heading
    kind = vocabulary.brackets.get(normal_key(part))
    if kind == "ignored":
        return Heading(heading.text, is_ignored=True)
    if kind == "harmless" or _FOOTNOTE.fullmatch(part):
        return heading
    if heading.field in HOUR_FIELDS | MARK_FIELDS and (unit := _unit(part, vocabulary)):
        return _with_unit(heading, unit)
    inner = vocabulary.field_of(part) or ""
    for family in (NAME_FIELDS, IDENTITY_FIELDS):
        if heading.field in family and inner in family - {"father_name"}:
            return Heading(heading.text, inner if family is NAME_FIELDS else heading.field)
    return Heading(heading.text, heading.field, heading.unit, False, heading.choices)


def _unit(text: str, vocabulary: Vocabulary) -> str:
    plain = text.strip(" ()[]{}")
    return vocabulary.units.get(normal_key(plain) or plain, "")


def _with_unit(heading: Heading, unit: str) -> Heading:
    """The heading with a unit; one that its field does not count in makes it unsure."""
    field = heading.field
    is_mark = unit[:2] == "of" or unit == "percent"
    is_fitting = is_mark if field in MARK_FIELDS else field in HOUR_FIELDS and unit[:2] != "of"
    usual = {"hours": "", "of100": ""}
    return Heading(
        heading.text,
        field,
        usual.get(unit, unit) if is_fitting else heading.unit,
        heading.is_sure and is_fitting,
    )

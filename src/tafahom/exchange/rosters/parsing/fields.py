"""What columns and labels mean: the fields of a roster and every spelling of them."""

import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tafahom.persian import clean, normal_key
from tafahom.persian import words as words_of

OWN_FILE = Path(__file__).with_name("headers.toml")
EXTRA_FILE = "TAFAHOM_ROSTER_HEADERS"

COURSE_FIELDS = (
    "course_code", "course_title", "standard_code", "cluster", "group", "theory_hours", "practice_hours",
    "planned_hours", "starts_on", "ends_on", "centre", "centre_type", "county", "instructor", "partner",
    "agreement_number",
)  # fmt: skip
PERSON_FIELDS = frozenset(
    {
        "first_name", "last_name", "full_name", "father_name", "national_id", "fida_code", "identity", "gender",
        "birth_date", "education", "mobile", "attended_hours", "written_mark", "practical_mark", "result",
        "certificate_number",
    }
)  # fmt: skip
# A header is known by these: no block of labels and values has them.
ANCHORS = frozenset(
    {"first_name", "last_name", "full_name", "national_id", "fida_code", "identity"}
)
# Letters that a field may have; what is longer is a slip, such as a letter pasted into a cell.
LONGEST: Mapping[str, int] = {
    "standard_code": 30, "course_code": 60, "agreement_number": 60, "certificate_number": 60, "education": 60,
    "result": 60, "mobile": 60, "county": 120, "first_name": 120, "last_name": 120, "full_name": 200,
    "father_name": 120, "group": 200, "instructor": 200,
}  # fmt: skip
LONGEST_TEXT = 300


def is_too_long(name: str, value: object) -> bool:
    """Whether what was read for a field is longer than it may be."""
    return isinstance(value, str) and len(value) > LONGEST.get(name, LONGEST_TEXT)


@dataclass(frozen=True)
class Vocabulary:
    """Every spelling that is understood, by normal form.

    ``fields`` are headings; ``units`` and ``brackets`` what may stand in their brackets;
    ``contexts`` headings over several columns, and ``below`` what each makes of the word below it;
    ``ambiguous`` headings that mean one of two things.
    """

    labels: Mapping[str, str]
    fields: Mapping[str, str]
    ignored: frozenset[str]
    words: Mapping[str, frozenset[str]]
    units: Mapping[str, str]
    brackets: Mapping[str, str]
    contexts: Mapping[str, str]
    below: Mapping[tuple[str, str], str]
    ambiguous: Mapping[str, str]

    def field_of(self, text: str) -> str | None:
        """Return the field that a label or plain heading names; None where it is not understood."""
        return self.fields.get(normal_key(text))

    def ignores(self, text: str) -> bool:
        """Whether a header is understood but of no use."""
        return normal_key(text) in self.ignored

    def is_word(self, text: str, kind: str) -> bool:
        """Whether a text is one of the words of this kind."""
        return _key(text) in self.words[kind]

    def begins_with(self, text: str, kind: str) -> bool:
        """Whether the first words of a text are of this kind; «مهران» does not begin with «مهر»."""
        parts = words_of(text)[:3]
        return any("".join(parts[:count]) in self.words[kind] for count in (1, 2, 3))

    def has_word(self, text: str, kind: str) -> bool:
        """Whether words of a text are, together or each by itself, of this kind."""
        parts = words_of(text)
        runs = {"".join(parts[a:b]) for a in range(len(parts)) for b in range(a + 1, a + 4)}
        return not self.words[kind].isdisjoint(runs)


def _key(text: str) -> str:
    """The form in which words are compared; of signs without a letter, themselves."""
    return normal_key(text) or text.strip()


def vocabulary() -> Vocabulary:
    """Return the spellings, those of the administrator's own file among them.

    Raises ValueError when that file can not be understood.
    """
    return _vocabulary(os.environ.get(EXTRA_FILE, ""))


@cache
def _vocabulary(extra: str) -> Vocabulary:
    tables = [_read(OWN_FILE)]
    if extra:
        tables.append(_read(Path(extra)))
    fields: dict[str, str] = {}
    words: dict[str, frozenset[str]] = {}
    for table in tables:
        for field, spellings in table.get("fields", {}).items():
            if field not in tables[0]["fields"]:
                raise ValueError(f"no such field: {field}")
            fields |= dict.fromkeys(map(normal_key, spellings), field)
        for kind, spellings in table.get("words", {}).items():
            words[kind] = words.get(kind, frozenset()) | set(map(_key, spellings))
    below = {
        (context, key): field
        for table in tables
        for context, meanings in table.get("below", {}).items()
        for field, spellings in meanings.items()
        for key in map(_key, spellings)
    }
    return Vocabulary(
        labels={field: clean(spellings[0]) for field, spellings in tables[0]["fields"].items()},
        fields=fields,
        ignored=frozenset(_kinds(tables, "ignored")) - set(fields),
        words=words,
        units=_kinds(tables, "units"),
        brackets=_kinds(tables, "brackets"),
        contexts=_kinds(tables, "contexts"),
        below=below,
        ambiguous=_kinds(tables, "ambiguous"),
    )


def _kinds(tables: Iterable[Mapping[str, Any]], section: str) -> dict[str, str]:
    """Words of a section to the kind that it lists them under."""
    return {
        key: kind
        for table in tables
        for kind, spellings in table.get(section, {}).items()
        for key in map(_key, spellings)
    }


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


# Fields and their names in Persian, for choosing what a column means.
CANONICAL_FIELDS: Mapping[str, str] = _vocabulary("").labels

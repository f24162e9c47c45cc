"""What columns and labels mean: the fields of a roster and every spelling of them."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tafahom.persian import clean, normal_key

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
_IN_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")


def is_too_long(name: str, value: object) -> bool:
    """Whether what was read for a field is longer than it may be."""
    return isinstance(value, str) and len(value) > LONGEST.get(name, LONGEST_TEXT)


@dataclass(frozen=True)
class Vocabulary:
    """Every spelling that is understood: ``fields`` and ``ignored`` by normal form."""

    labels: Mapping[str, str]
    fields: Mapping[str, str]
    ignored: frozenset[str]
    words: Mapping[str, frozenset[str]]

    def field_of(self, text: str, mapping: Mapping[str, str] | None = None) -> str | None:
        """Return the field a header or label names, None where it is not understood.

        ``mapping`` adds meanings somebody gave by hand, by normal form.
        """
        key = normal_key(text)
        found = self.fields.get(key) or (mapping or {}).get(key)
        if found or not key:
            return found
        if not any(bracket in text for bracket in "([{"):
            return None
        # «مدت دوره (ساعت)» and «کد ملی*» are what they are without what stands in brackets.
        return self.fields.get(normal_key(_IN_BRACKETS.sub(" ", text)))

    def ignores(self, text: str) -> bool:
        """Whether a header is understood but of no use."""
        return normal_key(text) in self.ignored

    def is_word(self, text: str, kind: str) -> bool:
        """Whether a text is one of the words of this kind."""
        return (normal_key(text) or text.strip()) in self.words[kind]

    def begins_with(self, text: str, kind: str) -> bool:
        """Whether a text begins with one of the words of this kind."""
        key = normal_key(text)
        return any(key.startswith(word) for word in self.words[kind])


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
    ignored: set[str] = set()
    words: dict[str, frozenset[str]] = {}
    for table in tables:
        for field, spellings in table.get("fields", {}).items():
            if field not in tables[0]["fields"]:
                raise ValueError(f"no such field: {field}")
            fields |= dict.fromkeys(map(normal_key, spellings), field)
        for spellings in table.get("ignored", {}).values():
            ignored |= set(map(normal_key, spellings))
        for kind, spellings in table.get("words", {}).items():
            # Check marks have no letters; they are compared as they are.
            keys = {normal_key(word) or word.strip() for word in spellings}
            words[kind] = words.get(kind, frozenset()) | keys
    labels = {field: clean(spellings[0]) for field, spellings in tables[0]["fields"].items()}
    return Vocabulary(labels, fields, frozenset(ignored - set(fields)), words)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


# Fields and their names in Persian, for choosing what a column means.
CANONICAL_FIELDS: Mapping[str, str] = _vocabulary("").labels

"""What a column means: a field and the unit of its numbers. No framework here."""

from collections.abc import Mapping
from dataclasses import dataclass

# Keys of questions to what somebody answered, in the words of ``Meaning.text``.
Answers = Mapping[str, str]

IGNORE = "ignore"
HOUR_FIELDS = frozenset({"theory_hours", "practice_hours", "planned_hours", "attended_hours"})
MARK_FIELDS = frozenset({"written_mark", "practical_mark"})
MINUTES_OF_UNIT = {"": 60, "hours": 60, "minutes": 1}
FULL_MARK = 100
MAX_UNIT_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field, and the unit that its column counts in; an empty unit is the usual one.

    Units of hours: ``hours``, ``minutes``, ``percent`` (of the course) or a number, the minutes
    that one of whatever is counted lasts. Units of marks: ``percent`` or ``of20``, the full mark.
    ``days`` and ``sessions`` are no hours: nothing can be read in them.
    """

    field: str
    unit: str = ""

    @property
    def text(self) -> str:
        """As an answer says it: ``attended_hours``, ``attended_hours:90``, ``written_mark:of20``."""
        return f"{self.field}:{self.unit}" if self.unit else self.field

    @property
    def minutes(self) -> int:
        """Minutes that one of what the column counts lasts; 0 where that is not known."""
        if self.unit.isdigit():
            return int(self.unit)
        return MINUTES_OF_UNIT.get(self.unit, 0)

    @property
    def full_mark(self) -> int:
        """The mark that is the best; 0 where that is not known."""
        if self.unit in ("", "percent"):
            return FULL_MARK
        return int(self.unit[2:]) if self.unit[:2] == "of" and self.unit[2:].isdigit() else 0

    @property
    def is_readable(self) -> bool:
        """Whether numbers in this unit can be turned into hours or marks."""
        if self.field in HOUR_FIELDS:
            return bool(self.minutes) or (self.field == "attended_hours" and self.unit == "percent")
        if self.field in MARK_FIELDS:
            return bool(self.full_mark)
        return True


def parse_meaning(text: str, fields: Mapping[str, str]) -> Meaning | None:
    """Return the meaning that an answer names, None for "leave it out".

    ``fields`` are the fields by their own name, with their Persian labels; either is understood.
    Raises ValueError for what is no field or no unit.
    """
    name, _colon, unit = text.strip().partition(":")
    if name == IGNORE:
        return None
    by_label = {label: field for field, label in fields.items()}
    meaning = Meaning(by_label.get(name, name), unit.strip())
    is_too_long = unit.isdigit() and not 0 < int(unit) <= MAX_UNIT_MINUTES
    if meaning.field not in fields or not meaning.is_readable or is_too_long:
        raise ValueError(f"no such meaning: {text}")
    if unit and meaning.field not in HOUR_FIELDS | MARK_FIELDS:
        raise ValueError(f"no unit is possible: {text}")
    return meaning

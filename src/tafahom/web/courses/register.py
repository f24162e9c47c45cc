"""A register as pages show it and forms send it back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tafahom.jalali import MONTH_NAMES, month_title, split_month, to_jalali
from tafahom.localised import is_persian, month_name
from tafahom.people.sealing import IdentityData
from tafahom.persian import clean
from tafahom.training.attendance.actions import MarkChange
from tafahom.training.attendance.queries import RegisterCell, RegisterPlace, register_of
from tafahom.training.models import AttendanceMark, Course, CourseSession, Enrolment

# A register of more cells is shown in parts: a browser, too, has its limits.
MAX_CELLS = 4_000
MAX_COLUMNS = 62

PERSIAN = {"present": "ح", "absent": "غ", "late": "ت", "excused": "م"}
LATIN = {"present": "p", "absent": "a", "late": "l", "excused": "e"}
NO_MARK = _("No mark")
# In the order of the week, by number of the day as Python counts it.
WEEKDAYS: list[tuple[int, Promise]] = [
    (5, _("Saturday")),
    (6, _("Sunday")),
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
]
# What people type, and what a keyboard left in the other layout makes of these letters.
_TYPED = {
    **{letter: mark for mark, letter in PERSIAN.items()},
    **{letter: mark for mark, letter in LATIN.items()},
    **{mark: mark for mark in PERSIAN},
    **dict.fromkeys(("✓", "✔", "+"), "present"),
    **dict.fromkeys(("×", "-"), "absent"),
    "": "",
}


def letter_of(mark: str) -> str:
    """Return the letter of a mark in the language of the page; nothing for no mark."""
    return (PERSIAN if is_persian() else LATIN).get(mark, "")


def mark_of(text: str) -> str:
    """Return the mark that somebody typed, empty for nothing. Raises KeyError."""
    return _TYPED[clean(text).lower()]


def field_name(enrolment_id: int, session_id: int) -> str:
    """Return the name of a cell's field in forms."""
    return f"m-{enrolment_id}-{session_id}"


def choices() -> list[tuple[str, str, str]]:
    """Return value, letter and name of each mark."""
    return [(mark.value, letter_of(mark.value), str(mark.label)) for mark in AttendanceMark]


@dataclass(slots=True)
class Box:
    """One cell on the page. ``text`` is what it shows: the mark, or what was typed."""

    name: str  # of the form's field
    session_id: int
    column: int
    mark: str
    text: str
    saw: str  # the mark in ``LATIN`` as its editor saw it
    is_wrong: bool = False


@dataclass(slots=True)
class RegisterLine:
    """One trainee on the page."""

    enrolment: Enrolment
    identity: IdentityData | None
    boxes: list[Box]
    is_reported: bool  # the hours come from a roster, not from this register

    @property
    def seen(self) -> str:
        """The marks as they were when the page was first made."""
        return ",".join(box.saw for box in self.boxes)


@dataclass(slots=True)
class RegisterColumn:
    """One session on the page, with how many are marked how."""

    session: CourseSession
    number: int
    present: int
    marked: int

    @property
    def day(self) -> int:
        """Day of the Jalali month."""
        return to_jalali(self.session.held_on)[2]

    @property
    def weekday(self) -> Promise:
        """Name of the day of the week."""
        return dict(WEEKDAYS)[self.session.held_on.weekday()]

    @property
    def is_empty(self) -> bool:
        """Whether nobody is marked."""
        return not self.marked


@dataclass(slots=True)
class Register:
    """The register of a course: ``columns`` of this part, ``sessions`` of all."""

    course: Course
    sessions: list[RegisterColumn]
    columns: list[RegisterColumn]
    lines: list[RegisterLine]
    parts: list[tuple[int, RegisterColumn, RegisterColumn]]
    part: int

    @property
    def seen(self) -> str:
        """What the form sends back to say what its reader saw; see ``changes_in``."""
        head = ",".join(str(column.session.pk) for column in self.columns)
        return "|".join([head, *(f"{line.enrolment.pk}:{line.seen}" for line in self.lines)])

    @property
    def minutes(self) -> int:
        """Minutes of all sessions."""
        return sum(column.session.minutes for column in self.sessions)

    @property
    def minutes_left(self) -> int:
        """Planned minutes that no session has yet."""
        return max(0, self.course.planned_minutes - self.minutes)

    @property
    def reported(self) -> int:
        """How many trainees have hours that this register does not explain."""
        return sum(line.is_reported for line in self.lines)


def register_page(course: Course, *, part: int = 1, ordinal: int | None = None) -> Register:
    """Return the register of a course: a part of its sessions, or the one of this ordinal."""
    kept = register_of(course)
    columns = _columns(kept.sessions, kept.marks)
    if ordinal is None:
        parts, part, shown = _cut(columns, len(kept.enrolments), part)
    else:
        parts, part = [], 1
        shown = [column for column in columns if column.session.ordinal == ordinal]
    credited = kept.credited
    lines = [
        RegisterLine(
            row,
            identity,
            _boxes(row, shown, kept.marks),
            is_reported=row.credited_minutes != credited.get(row.pk, 0),
        )
        for row, identity in kept.enrolments
    ]
    return Register(course, columns, shown, lines, parts, part)


def _columns(
    sessions: Sequence[CourseSession], marks: Mapping[RegisterPlace, RegisterCell]
) -> list[RegisterColumn]:
    columns = {one.pk: RegisterColumn(one, number, 0, 0) for number, one in enumerate(sessions, 1)}
    for (_enrolment, session_id), cell in marks.items():
        columns[session_id].marked += 1
        columns[session_id].present += cell.mark in ("present", "late")
    return list(columns.values())


def _cut(
    columns: list[RegisterColumn], people: int, part: int
) -> tuple[list[tuple[int, RegisterColumn, RegisterColumn]], int, list[RegisterColumn]]:
    """Return the parts of a wide register, the number of the one that is meant, and its columns."""
    width = max(1, min(MAX_COLUMNS, MAX_CELLS // max(1, people)))
    cuts = [columns[start : start + width] for start in range(0, len(columns), width)]
    part = min(max(1, part), max(1, len(cuts)))
    parts = [(number, cut[0], cut[-1]) for number, cut in enumerate(cuts, 1)]
    return parts if len(parts) > 1 else [], part, cuts[part - 1] if cuts else []


def _boxes(
    row: Enrolment, columns: list[RegisterColumn], marks: Mapping[RegisterPlace, RegisterCell]
) -> list[Box]:
    boxes = []
    for column in columns:
        cell = marks.get((row.pk, column.session.pk))
        mark = cell.mark if cell else ""
        name = field_name(row.pk, column.session.pk)
        texts = letter_of(mark), LATIN.get(mark, "")
        boxes.append(Box(name, column.session.pk, column.number, mark, *texts))
    return boxes


@dataclass(slots=True)
class SentMarks:
    """What a form sent: wished changes, and what was typed that is no mark, by cell."""

    changes: list[MarkChange]
    saw: dict[RegisterPlace, str]
    typed: dict[RegisterPlace, str]
    wrong: list[RegisterPlace]


def changes_in(data: QueryDict, *, rest: str = "") -> SentMarks:
    """Read the marks that a form sends, each with what its editor saw.

    Each ``seen`` is "session,session|enrolment:mark,mark|…" in the letters of ``LATIN``; the
    field of a cell is ``m-enrolment-session``. A cell whose field is missing stays. ``rest`` is
    the mark for the cells left empty. Raises ValueError for what no form of ours sends.
    """
    sent = SentMarks([], {}, {}, [])
    known = {"": "", **{letter: mark for mark, letter in LATIN.items()}}
    for block in data.getlist("seen"):
        head, *rows = block.split("|")
        session_ids = [int(text) for text in head.split(",") if text]
        for row in rows:
            name, _colon, letters = row.partition(":")
            enrolment_id, saw = int(name), letters.split(",")
            for session_id, letter in zip(session_ids, saw, strict=True):
                if letter not in known:
                    raise ValueError(letter)
                text = data.get(field_name(enrolment_id, session_id))
                if text is None and not rest:
                    continue
                place = (enrolment_id, session_id)
                sent.saw[place], sent.typed[place] = letter, text or ""
                try:
                    mark = mark_of(text or "") or rest
                except KeyError:
                    sent.wrong.append(place)
                    continue
                sent.changes.append(MarkChange(*place, mark, known[letter]))
    return sent


def keep_typed(register: Register, sent: SentMarks) -> None:
    """Show in the cells what was typed, the wrong ones marked.

    What their editor saw stays what it was, or marks of others would be overwritten.
    """
    wrong = set(sent.wrong)
    for line in register.lines:
        for box in line.boxes:
            place = (line.enrolment.pk, box.session_id)
            if place in sent.typed:
                box.saw = sent.saw[place]
                box.text = clean(sent.typed[place])
                box.is_wrong = place in wrong
                box.mark = "" if box.is_wrong else mark_of(box.text)
                box.text = letter_of(box.mark) or box.text


def conflict_rows(
    register: Register, conflicts: Iterable[tuple[MarkChange, str]]
) -> list[dict[str, Any]]:
    """Return what a page needs to let somebody decide cells that two people changed."""
    lines = {line.enrolment.pk: line for line in register.lines}
    columns = {column.session.pk: column for column in register.sessions}
    names = {**{mark.value: mark.label for mark in AttendanceMark}, "": NO_MARK}
    rows = [
        {
            "line": lines[wish.enrolment_id],
            "column": columns[wish.session_id],
            "name": field_name(*wish.place),
            "seen": f"{wish.session_id}|{wish.enrolment_id}:{LATIN.get(now, '')}",
            "theirs": (now, names[now]),
            "mine": (wish.mark, names[wish.mark]),
        }
        for wish, now in conflicts
        if wish.enrolment_id in lines and wish.session_id in columns
    ]
    order = {pk: place for place, pk in enumerate(lines)}
    return sorted(rows, key=lambda row: (order[row["line"].enrolment.pk], row["column"].number))


def months_of(columns: Sequence[RegisterColumn]) -> list[tuple[str, int]]:
    """Return the Jalali months over the columns of a register, each with its width."""
    grouped = groupby(columns, key=lambda column: column.session.month)
    return [(_month_in_words(month), len(list(group))) for month, group in grouped]


def _month_in_words(month: int) -> str:
    if is_persian():
        return month_title(month)
    year, number = split_month(month)
    return f"{month_name(MONTH_NAMES[number - 1])} {year}"

"""Courses of a roster: what its rows say of them, and which of them when they disagree."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tafahom.exchange.rosters.parsing.cells import (
    CellError,
    code_of,
    date_of,
    minutes_of,
    shown,
    text_of,
)
from tafahom.exchange.rosters.parsing.fields import is_too_long
from tafahom.persian import normal_key, number_key
from tafahom.sheets.formulas import runs_in_a_sheet
from tafahom.training.courses.rules import CourseFacts, course_key
from tafahom.training.rosters.rules import RosterEntry

Sessions = tuple[tuple[dt.date, int], ...]
Cells = Mapping[str, object]
Units = tuple[tuple[str, int], ...]
# What must be there, as field, code of the problem when it is not, and fields that do as well.
COURSE_NEEDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("course_title", "course.incomplete", ("course_code",)),
    ("planned_hours", "hours.missing", ("theory_hours", "practice_hours")),
    ("starts_on", "course.incomplete", ()),
    ("ends_on", "course.incomplete", ()),
    ("centre", "course.incomplete", ()),
    ("agreement_number", "course.incomplete", ()),
)
PARSERS: Mapping[str, Callable[[object], Any]] = {
    "course_code": code_of,
    "standard_code": code_of,
    "agreement_number": code_of,
    "starts_on": date_of,
    "ends_on": date_of,
    "theory_hours": minutes_of,
    "practice_hours": minutes_of,
    "planned_hours": minutes_of,
}


@dataclass(frozen=True, slots=True)
class CourseFlaw:
    """Something wrong in a field, without its place; ``field`` is ours, not the header."""

    code: str
    field: str
    value: str


@dataclass(slots=True)
class Described:
    """A course as some cells describe it: its facts, or what is wrong with them."""

    facts: CourseFacts | None
    flaws: list[CourseFlaw] = field(default_factory=list)
    unsafe: list[CourseFlaw] = field(default_factory=list)


def describe(cells: Cells, sessions: Sessions = (), units: Units = ()) -> Described:
    """Read a course from its cells by field. All that is wrong is said at once.

    ``units`` are minutes that one of what a field counts lasts, where that is no hour.
    """
    minutes = dict(units)
    values: dict[str, Any] = {}
    flaws: list[CourseFlaw] = []
    unsafe: list[CourseFlaw] = []
    for name, cell in cells.items():
        try:
            if name in minutes:
                value: Any = minutes_of(cell, minutes[name])
            else:
                value = PARSERS.get(name, text_of)(cell)
        except CellError as error:
            flaws.append(CourseFlaw(error.code, name, shown(cell)))
            continue
        if is_too_long(name, value):
            flaws.append(CourseFlaw("text.too_long", name, shown(cell)))
            continue
        values[name] = value
        if isinstance(value, str) and name not in PARSERS and runs_in_a_sheet(value):
            unsafe.append(CourseFlaw("text.neutralised", name, shown(cell)))
    bad = {flaw.field for flaw in flaws}
    for name, code, others in COURSE_NEEDS:
        if not any(values.get(n) not in (None, "") or n in bad for n in (name, *others)):
            flaws.append(CourseFlaw(code, name, ""))
    starts, ends = values.get("starts_on"), values.get("ends_on")
    if starts and ends and ends < starts:
        flaws.append(CourseFlaw("date.end_before_start", "ends_on", shown(cells.get("ends_on"))))
    return Described(None if flaws else _facts(values, sessions), flaws, unsafe)


def _facts(values: Mapping[str, Any], sessions: Sessions) -> CourseFacts:
    theory, practice = values.get("theory_hours"), values.get("practice_hours")
    planned = values.get("planned_hours")
    if planned is None:
        planned = (theory or 0) + (practice or 0)
    texts = {
        name: values.get(name) or ""
        for name in ("cluster", "group", "centre", "centre_type", "county", "instructor", "partner")
    }
    return CourseFacts(
        code=values.get("course_code") or "",
        title=values.get("course_title") or "",
        standard_code=values.get("standard_code") or "",
        theory_minutes=theory,
        practice_minutes=practice,
        planned_minutes=planned,
        starts_on=values["starts_on"],
        ends_on=values["ends_on"],
        agreement_number=values["agreement_number"],
        sessions=sessions,
        **texts,
    )


def _essence(course: CourseFacts) -> Hashable:
    """What rows of one course must agree on."""
    return (
        number_key(course.agreement_number),
        course.starts_on,
        course.ends_on,
        course.planned_minutes,
        normal_key(course.centre),
    )


class CourseBook:
    """The courses of a file. Rows whose cells mean the same share one ``CourseFacts``."""

    def __init__(self) -> None:
        self._by_cells: dict[Hashable, Described] = {}
        self._facts: dict[Hashable, CourseFacts] = {}

    def describe(
        self, names: Sequence[str], cells: Sequence[object], sessions: Sessions, units: Units = ()
    ) -> Described:
        """Read a course from cells of these fields, once for cells that are alike."""
        key = (*names, *cells, *map(type, cells), sessions, units)
        described = self._by_cells.get(key)
        if described is None:
            described = describe(dict(zip(names, cells, strict=True)), sessions, units)
            if described.facts:
                described.facts = self._same(described.facts)
            self._by_cells[key] = described
        return described

    def _same(self, facts: CourseFacts) -> CourseFacts:
        """The facts that were read first of those that differ in spelling only."""
        key = (
            course_key(facts),
            _essence(facts),
            facts.sessions,
            *(
                normal_key(text)
                for text in (
                    facts.title, facts.standard_code, facts.cluster, facts.group, facts.centre_type,
                    facts.county, facts.instructor, facts.partner,
                )
            ),
        )  # fmt: skip
        return self._facts.setdefault(key, facts)


def outvoted(entries: Sequence[RosterEntry]) -> list[RosterEntry]:
    """Return the rows that disagree with most rows of their course on its essence."""
    votes: dict[str, Counter[Hashable]] = defaultdict(Counter)
    known: dict[int, tuple[str, Hashable]] = {}
    for entry in entries:
        course = entry.course
        if id(course) not in known:
            known[id(course)] = course_key(course), _essence(course)
        key, essence = known[id(course)]
        votes[key][essence] += 1
    split = {key: votes.most_common(1)[0][0] for key, votes in votes.items() if len(votes) > 1}
    if not split:
        return []
    return [
        entry
        for entry in entries
        if (found := known[id(entry.course)])[0] in split and found[1] != split[found[0]]
    ]

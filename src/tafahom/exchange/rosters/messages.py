"""What a problem in a roster is called, and how it is mended, in the reader's language."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tafahom.persian import to_persian_digits
from tafahom.sheets.messages import FILE_SENTENCES
from tafahom.training.rosters.actions import UndoRefusedError
from tafahom.training.rosters.replaceable import (
    CLOSED,
    FROM_REGISTER,
    OTHER_MARKS,
    REPLACEABLE,
    SAME_FILE,
)
from tafahom.training.rosters.rules import Problem

QUESTION = "column.question"
SENTENCES = FILE_SENTENCES | {
    "national_id.invalid": gettext_lazy(
        "“{value}” is no national ID: copy the ten digits from the card."
    ),
    "identity.missing": gettext_lazy("There is neither national ID nor FIDA code: fill one."),
    "identity.conflict": gettext_lazy(
        "“{value}” is recorded with another name or birth date: see which is right."
    ),
    "name.missing": gettext_lazy("A name is missing: fill given name and family name."),
    "date.invalid": gettext_lazy("“{value}” is no day of the calendar: write it as 1397/10/05."),
    "date.end_before_start": gettext_lazy(
        "The course ends on {value}, before it starts: correct one of the dates."
    ),
    "date.outside_agreement": gettext_lazy(
        "{value} is outside the agreement's term, {from} to {to}: correct the date or the agreement number."
    ),
    "period.closed": gettext_lazy(
        "{value} is in {month}, which is closed: correct the date, or ask for the month to be reopened."
    ),
    "hours.missing": gettext_lazy("Hours are missing: fill them."),
    "hours.not_a_number": gettext_lazy("“{value}” is no number of hours: write digits only."),
    "hours.negative": gettext_lazy("{value} hours are fewer than none: correct them."),
    "hours.exceed_course": gettext_lazy(
        "{value} hours are more than the {course_hours} of the course: correct one of the two."
    ),
    "mark.not_a_number": gettext_lazy(
        "“{value}” is no mark: write a number from 0 to 100, or leave it empty."
    ),
    "mark.out_of_range": gettext_lazy("{value} is no mark from 0 to 100: correct it."),
    "attendance.unknown_mark": gettext_lazy(
        "“{value}” is no mark of attendance: write ح (present), غ (absent), ت (late) or م (excused)."
    ),
    "agreement.unknown": gettext_lazy(
        "No agreement “{value}” is registered: correct the number, or register the agreement first."
    ),
    "scope.outside": gettext_lazy(
        "Your account does not record courses of “{value}”: send the roster by whoever does."
    ),
    "audience.unknown": gettext_lazy("“{value}” is no registered audience: write one that is."),
    "row.duplicate": gettext_lazy(
        "This person is in this course already: remove the row if it is there twice."
    ),
    "certificate.differs": gettext_lazy(
        "Certificate {number} is recorded, here it is {value}; the recorded one stays: see which is right."
    ),
    "row.waits": gettext_lazy(
        "Nothing of this file is recorded until what is asked about it is answered."
    ),
    "row.held_back": gettext_lazy(
        "Nothing is wrong here: it was not recorded because other rows of its file are wrong."
    ),
    "cell.formula": gettext_lazy("A formula without a stored result: write the value itself."),
    "cell.unsafe_text": gettext_lazy("A spreadsheet would run this name: write the name itself."),
    "course.incomplete": gettext_lazy("Something of the course is missing: fill it."),
    "course.conflict": gettext_lazy(
        "Other rows of course {value} give other dates, hours, centre or agreement: make them agree."
    ),
    "partner.mismatch": gettext_lazy(
        "“{value}” is named, but the agreement is with {partner}, and so it was counted."
    ),
    "header.missing_column": gettext_lazy(
        "No column or label “{column}” was found: add it, or say which column it is."
    ),
    "header.unknown_column": gettext_lazy(
        "Nobody knows what “{column}” means; it was left out. Its meaning can be given once by hand."
    ),
    "text.neutralised": gettext_lazy(
        "“{value}” would be run by a spreadsheet; it is kept and given out as plain text."
    ),
    "text.too_long": gettext_lazy("This text is too long for its column: shorten it."),
    "total.mismatch": gettext_lazy(
        "The sheet's own sum says {value} hours, its rows {rows}: see which is right."
    ),
    "hours.assumed": gettext_lazy(
        "There is no column of attended hours: the whole course was credited to everybody."
    ),
    "cell.error": gettext_lazy(
        "“{value}” is an error of the spreadsheet: mend the formula, or write the value."
    ),
    "row.not_split": gettext_lazy(
        "The quotation marks of this line do not balance, so its columns are not known: mend them."
    ),
    "row.too_many_cells": gettext_lazy(
        "This line has more cells than its header: put values that hold the separator in quotes."
    ),
    "birth.implausible": gettext_lazy(
        "“{value}” makes the trainee younger than 5 or older than 100: correct the birth date."
    ),
    "session.outside_course": gettext_lazy(
        "The session of {value} is outside the course, {from} to {to}: correct the date."
    ),
    "table.not_trainees": gettext_lazy(
        "This row stands in the list “{value}”, which is not one of trainees: it was left out."
    ),
    "column.hidden": gettext_lazy("The column “{column}” is hidden: see whether it is meant."),
    "rows.hidden": gettext_lazy(
        "{value} hidden rows were left out: show them if they are of trainees."
    ),
    "row.text_between": gettext_lazy(
        "“{value}” stands between trainees; those below it were taken as those above: see whether "
        "that is right."
    ),
    "audience.assumed": gettext_lazy(
        "{value} rows name no group; they count as the main group of their partner."
    ),
    "result.disagrees": gettext_lazy(
        "{count} rows report another result than their marks give, “{value}” first: see which is right."
    ),
    "marks.suspicious": gettext_lazy(
        "No mark is over {value}: if the marks are out of 20, say so in the heading."
    ),
    "hours.implausible": gettext_lazy(
        "{value} hours are far from what is usual: see whether the unit is right."
    ),
    "course.title_differs": gettext_lazy(
        "The course with this code is called “{title}”, here “{value}”: see which is right."
    ),
    "sheet.no_table": gettext_lazy(
        "No table of trainees was found: a header row with name and national ID is needed."
    ),
}
PARAMS = ("from", "to", "course_hours", "partner", "rows", "month", "count", "title", "number")
DUPLICATE = "row.duplicate"
SHOWN = ("hours", "written", "practical", "result")
# What a row of somebody who is in its course already says beside what is there.
DIFFERENCES = {
    REPLACEABLE: gettext_lazy(
        "Recorded: {old}. With this row: {new}. The recorded row can be replaced."
    ),
    OTHER_MARKS: gettext_lazy(
        "Recorded: {old}. This row has the same with other marks of attendance. "
        "The recorded row can be replaced."
    ),
    SAME_FILE: gettext_lazy(
        "Row {row} has this person in this course: {old}. With this row: {new}. Remove one of the "
        "two, or send the file again to replace what is recorded."
    ),
    FROM_REGISTER: gettext_lazy(
        "Recorded from marks of attendance: {old}. With this row: {new}. Correct the marks of the "
        "register, or send a roster with marks."
    ),
    CLOSED: gettext_lazy(
        "Recorded: {old}. With this row: {new}. Marks of the recorded row are of a closed month: ask "
        "for the month to be reopened."
    ),
}
# Why something is asked; the first is for reasons of another day.
QUESTIONS = defaultdict(
    lambda: gettext_lazy("What does “{column}” mean? Nothing is recorded before that is answered."),
    {
        "twice": gettext_lazy(
            "More than one column or label says “{column}” ({value}): which one counts?"
        ),
        "unit": gettext_lazy(
            "“{column}” ({value}) counts in something else than hours or marks: in what?"
        ),
        "brackets": gettext_lazy("“{column}”: do the words in brackets change what it means?"),
        "choices": gettext_lazy("“{column}” may be hours or marks ({value}): which?"),
        "part": gettext_lazy(
            "In “{column}” ({value}) everybody has the hours of theory or of practice alone: "
            "is that all they attended?"
        ),
        "sessions": gettext_lazy(
            "{value} columns from “{column}” on hold marks of attendance without a date: count them?"
        ),
        "days": gettext_lazy(
            "Sessions such as {value} lie outside the course. Are they month and day of its year?"
        ),
        "word": gettext_lazy("“{value}” is in no list of “{column}”: which entry is it?"),
        "blank": gettext_lazy(
            "Cells below “{value}” in “{column}” are empty: the same group, or none?"
        ),
    },
)
RESULT_TAKEN = gettext_lazy("A formula: its stored result “{value}” was taken.")


def message(problem: Problem) -> str:
    """Return the sentence for a problem. Of a code that nobody knows, the code."""
    sentence: Any = SENTENCES.get(problem.code)
    if problem.code == QUESTION:
        sentence = QUESTIONS[dict(problem.params).get("reason", "")]
    if sentence is None:
        return problem.code
    if (
        problem.code == "cell.formula"
        and problem.value not in ("", "=")
        and problem.value[0] != "="
    ):
        sentence = RESULT_TAKEN
    if problem.code == "header.missing_column" and not problem.column:
        return _("A needed column is missing.")
    words = dict.fromkeys(PARAMS, "…")
    given = dict(problem.params)
    if get_language() == "fa":
        given = {name: to_persian_digits(text) for name, text in given.items()}
    if problem.code == DUPLICATE and given:
        sentence = DIFFERENCES[given["kind"]]
        given |= {when: _enrolment_text(given, when) for when in ("old", "new")}
    value = problem.value or "…"
    if problem.code == QUESTION and get_language() == "fa":
        value = to_persian_digits(value)
    words |= {"value": value, "column": problem.column} | given
    return str(sentence).format_map(words)


def undo_refusal(error: UndoRefusedError) -> str:
    """Return why an import cannot be undone."""
    if error.replaced_since:
        return _(
            "This import can not be undone: %(count)s rows that it replaced were changed again since. "
            "Undo the later import first."
        ) % {"count": error.replaced_since}
    return _("This import can not be undone: other records depend on what it brought.")


def _enrolment_text(given: Mapping[str, str], when: str) -> str:
    """Return hours, marks and result before or after, in words."""
    values = {name: given.get(f"{when}_{name}") for name in SHOWN}
    text = _("%(hours)s hours, written %(written)s, practical %(practical)s") % values
    if values["result"]:  # what is kept of a check for its page has none: it is free text
        text = _("%(values)s, result %(result)s") % {"values": text, "result": values["result"]}
    return text

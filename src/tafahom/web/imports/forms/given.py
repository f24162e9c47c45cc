"""The form for what a file does not say: agreement, course, hours, days, place, group."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS
from tafahom.exchange.rosters.parsing.cells import CellError, minutes_of
from tafahom.exchange.rosters.parsing.fields import LONGEST, LONGEST_TEXT
from tafahom.exchange.rosters.parsing.given import SHEET_NAME, Given
from tafahom.exchange.rosters.questions import GIVEN_FIELDS
from tafahom.jalali import format_date
from tafahom.parties.queries import audience_words
from tafahom.persian import clean
from tafahom.web.shell.forms import JalaliDateField, dress

DATES = ("starts_on", "ends_on")
NAMES: Mapping[str, Promise] = {
    "agreement_number": gettext_lazy("Agreement number"),
    "course_title": gettext_lazy("Course title"),
    "planned_hours": gettext_lazy("Hours of the course"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "centre": gettext_lazy("Training centre"),
    "audience": gettext_lazy("Audience"),
}
# Lists of the page that fields offer entries from.
LISTS = {"agreement_number": "known-agreements", "centre": "known-centres"}


class WrittenHoursField(forms.CharField):
    """Hours as somebody writes them; its value is the text."""

    def clean(self, value: Any) -> str:
        """Read the hours. Raises ValidationError."""
        text: str = super().clean(value)
        try:
            minutes = minutes_of(text)
        except CellError as error:
            raise forms.ValidationError(_("Write hours as a number, such as 40.")) from error
        if minutes == 0:
            raise forms.ValidationError(_("The course has no hours: write how many."))
        return text


@dataclass(frozen=True)
class GivenPlace:
    """Fields for the whole file, or for one of its sheets."""

    sheet: str
    fields: Sequence[forms.BoundField]
    takes_name: forms.BoundField | None = None


class GivenForm(forms.Form):
    """Values of course fields for a file and for each of its sheets.

    ``missing`` are the fields that the file lacks, ``given`` what was given before. After
    ``is_valid`` ``values`` is what ``staging.answer_file`` takes as given.
    """

    def __init__(
        self, *args: Any, missing: Iterable[str], sheets: Sequence[str], given: Given, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.values: dict[str, dict[str, str]] = {}
        before = {field for values in given.values() for field in values}
        wanted = {*missing, *before}
        self._names = [f for f in GIVEN_FIELDS if f in wanted or (wanted and f == "audience")]
        self._sheets = ["", *sheets] if len(sheets) > 1 and self._names else [""]
        self._audiences = [(name, name) for name in audience_words().names]
        for number, sheet in enumerate(self._sheets):
            for field in self._names:
                self.fields[f"g{number}-{field}"] = self._field(field, given.get(sheet, {}))
        if "course_title" in self._names:
            self._add_name_of_sheet(sheets, given)
        dress(self)

    @property
    def places(self) -> list[GivenPlace]:
        """The fields, for the whole file first."""
        takes_name = self["name-of-sheet"] if "name-of-sheet" in self.fields else None
        return [
            GivenPlace(
                sheet,
                [self[f"g{number}-{field}"] for field in self._names],
                None if number else takes_name,
            )
            for number, sheet in enumerate(self._sheets)
        ]

    @property
    def has_sheet_errors(self) -> bool:
        """Whether something is wrong in the fields of one sheet, which are folded away."""
        return any(name[0] == "g" and name[:3] != "g0-" for name in self.errors)

    @property
    def mistakes(self) -> Iterator[tuple[str, str, str]]:
        """What is to be corrected: id of the field, what it is called, what is wrong."""
        for name, errors in self.errors.items():
            for error in errors:
                yield self[name].auto_id or "", str(self[name].label), str(error)

    def clean(self) -> dict[str, Any]:
        """Collect the values by sheet; a course must not end before it starts."""
        cleaned = super().clean() or {}
        whole: dict[str, Any] = {}
        for number, sheet in enumerate(self._sheets):
            here = {f: v for f in self._names if (v := cleaned.get(f"g{number}-{f}"))}
            if number == 0:
                whole = here
                if cleaned.get("name-of-sheet"):
                    self._take_names(here)
            starts, ends = (here.get(day, whole.get(day)) for day in DATES)
            if starts and ends and ends < starts:
                name = f"g{number}-ends_on"
                self.add_error(
                    name, _("The course ends before it starts: correct one of the days.")
                )
            if here:
                self.values[sheet] = {field: _text(value) for field, value in here.items()}
        return cleaned

    def _take_names(self, here: dict[str, Any]) -> None:
        if here.get("course_title"):
            self.add_error(
                "g0-course_title", _("Write one title, or take the names of the sheets; not both.")
            )
        here["course_title"] = SHEET_NAME

    def _field(self, field: str, before: Mapping[str, str]) -> forms.Field:
        value = before.get(field, "")
        options: dict[str, Any] = {
            "label": NAMES.get(field, CANONICAL_FIELDS[field]),
            "required": False,
            "initial": "" if value == SHEET_NAME else value,
        }
        if field in DATES:
            return JalaliDateField(**options)
        if field == "audience":
            choices = [("", _("As it is in the file")), *self._audiences]
            return forms.ChoiceField(choices=choices, **options)
        if field == "planned_hours":
            numeric = forms.TextInput(attrs={"inputmode": "decimal"})
            return WrittenHoursField(max_length=10, widget=numeric, **options)
        attrs = {"list": LISTS[field]} if field in LISTS else {}
        longest = LONGEST.get(field, LONGEST_TEXT)
        return forms.CharField(max_length=longest, widget=forms.TextInput(attrs=attrs), **options)

    def _add_name_of_sheet(self, sheets: Sequence[str], given: Given) -> None:
        if not any(sheets):
            return
        label = _("The name of each sheet is the title of its course")
        if len(sheets) == 1:
            label = _("The name of the sheet, “{name}”, is the title").format(name=sheets[0])
        self.fields["name-of-sheet"] = forms.BooleanField(
            label=label,
            required=False,
            initial=given.get("", {}).get("course_title") == SHEET_NAME,
        )


def _text(value: Any) -> str:
    return format_date(value, digits="en") if isinstance(value, dt.date) else clean(str(value))

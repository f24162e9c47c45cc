"""What the page of an upload shows of each of its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from tafahom.exchange.models import StagedFile
from tafahom.exchange.rosters.accounting import row_kinds
from tafahom.exchange.rosters.question_labels import answer_label, subject
from tafahom.exchange.rosters.summaries import open_questions
from tafahom.web.imports.forms.answers import AnswersForm
from tafahom.web.imports.forms.given import GivenForm

LAYOUTS = {
    "flat": gettext_lazy("Flat table"),
    "course": gettext_lazy("Course sheet"),
    "attendance": gettext_lazy("Attendance register"),
}


@dataclass(frozen=True)
class FileRow:
    """A file as the page lists it; with forms where something of it can still be said."""

    file: StagedFile
    answers: AnswersForm | None = None
    given: GivenForm | None = None

    @cached_property
    def report(self) -> dict[str, Any]:
        """What the last check or recording found; empty before."""
        return self.file.report

    @property
    def sheets(self) -> list[dict[str, Any]]:
        """Sheets that were recognised, with layout and number of rows."""
        return [
            {"name": name, "layout": LAYOUTS.get(layout, layout), "rows": rows}
            for name, layout, rows in self.report.get("sheets", [])
        ]

    @property
    def row_kinds(self) -> list[tuple[str, int]]:
        """How many rows of its sheets are of each kind."""
        return row_kinds(self.report.get("accounted", {}))

    @property
    def all_rows(self) -> int:
        """How many rows its sheets have."""
        return sum(self.report.get("accounted", {}).values())

    @property
    def has_questions(self) -> bool:
        """Whether nothing of it can be recorded before somebody answers."""
        return bool(self.report.get("questions") or self.report.get("word_questions"))

    @property
    def answered(self) -> list[tuple[str, str]]:
        """What was answered about it on the page: what it was about, and its meaning."""
        return [
            (subject(key, ""), answer_label(key, answer))
            for key, answer in sorted(self.file.answers.items())
        ]

    @property
    def may_ask_again(self) -> bool:
        """Whether there are answers to take back, or questions that can not be shown any more."""
        is_lost = self.has_questions and self.answers is not None and not self.answers.asked
        return bool(self.file.answers) or is_lost

    @property
    def forms(self) -> list[AnswersForm | GivenForm]:
        """The forms that have anything to fill."""
        return [one for one in (self.answers, self.given) if one and one.fields]

    @property
    def mistakes(self) -> list[tuple[str, str, str]]:
        """What is to be corrected in the forms: id of a field, its name, what is wrong."""
        return [mistake for one in self.forms for mistake in one.mistakes]


def file_row(file: StagedFile, data: Mapping[str, Any] | None = None) -> FileRow:
    """Return a file that was checked, with its forms; ``data`` is what was sent in them."""
    report = file.report
    answers = AnswersForm(
        data,
        questions=open_questions(report, file.sha256),
        columns=report.get("columns", []),
        partners=report.get("partners", []),
        auto_id=f"file-{file.pk}-%s",
    )
    given = GivenForm(
        data,
        missing=report.get("missing", []),
        sheets=[name for name, _layout, _rows in report.get("sheets", [])],
        given=file.given,
        auto_id=f"file-{file.pk}-%s",
    )
    return FileRow(file, answers, given)

"""What every row of a file's sheets is: trainees, headings, sums and all the rest."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from tafahom.exchange.rosters.file_report import FileReport
from tafahom.exchange.rosters.parsing.questions import RosterQuestion
from tafahom.exchange.rosters.question_labels import sentence
from tafahom.persian import to_persian_digits

# Kinds in the order in which they are shown, those of ``roster.finding.KINDS``.
KIND_LABELS: Mapping[str, str | Promise] = {
    "trainees": gettext_lazy("Trainees"),
    "headings": gettext_lazy("Headings and titles"),
    "labels": gettext_lazy("Details of courses"),
    "totals": gettext_lazy("Sums"),
    "signatures": gettext_lazy("Signatures"),
    "notes": gettext_lazy("Notes"),
    "blank": gettext_lazy("Blank rows"),
    "hidden": gettext_lazy("Hidden rows"),
}


def row_kinds(accounted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Return how many rows are of each kind that occurs, trainees always; nothing where not read."""
    if not accounted:
        return []
    return [
        (str(label), accounted.get(kind, 0))
        for kind, label in KIND_LABELS.items()
        if accounted.get(kind) or kind == "trainees"
    ]


def add_up(reports: list[dict[str, Any]]) -> dict[str, int]:
    """Return the rows by kind of several remembered reports together."""
    kinds: dict[str, int] = {}
    for report in reports:
        for kind, count in report.get("accounted", {}).items():
            kinds[kind] = kinds.get(kind, 0) + count
    return kinds


def report_lines(report: FileReport) -> list[tuple[str, int | None]]:
    """Return what the workbook that goes back says of a file: rows by kind, then open questions.

    In Persian whatever the reader's language, as the rosters are.
    """
    with override("fa"):
        lines: list[tuple[str, int | None]] = [*row_kinds(report.accounted)]
        if lines:
            lines.append((_("All rows"), sum(report.accounted.values())))
        lines += [(_question_line(question), None) for question in report.questions]
    return lines


def _question_line(question: RosterQuestion) -> str:
    place = f"{question.sheet} · {to_persian_digits(str(question.row))}" if question.row else ""
    return f"{place} · {sentence(question)}" if place else sentence(question)

"""Hours of a roster that a register replaces, or gives back, as pages show them."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Count

from tafahom.access.models import User
from tafahom.people.queries import identities_of
from tafahom.people.sealing import IdentityData
from tafahom.training.attendance.actions import MarkChange
from tafahom.training.attendance.reported import HoursChange, HoursPreview
from tafahom.training.models import Course, Enrolment, ReplacedEnrolment, ReportedHours
from tafahom.web.courses.register import LATIN, field_name, letter_of
from tafahom.web.shell import lists


@dataclass(frozen=True, slots=True)
class HoursRow:
    """One trainee whose hours change."""

    person_id: int
    identity: IdentityData | None
    change: HoursChange


@dataclass(frozen=True, slots=True)
class ReplacementSummary:
    """One time that something was replaced: by whom, of how many, restored of how many.

    ``file`` is the roster that did it; empty where the register replaced hours.
    """

    at: dt.datetime
    by: User | None
    count: int
    restored: int
    file: str = ""


def hours_rows(course: Course, preview: HoursPreview) -> list[HoursRow]:
    """Return the trainees of a preview in the order of their names."""
    changes = {change.enrolment_id: change for change in preview.changes}
    enrolments = list(Enrolment.objects.filter(course=course, pk__in=changes))
    identities = identities_of(row.person_id for row in enrolments)
    named = lists.by_name([(row, identities.get(row.person_id)) for row in enrolments])
    return [HoursRow(row.person_id, identity, changes[row.pk]) for row, identity in named]


def replacements(course: Course) -> list[ReplacementSummary]:
    """Return when the register replaced hours of this course, the latest first."""
    rows = (
        ReportedHours.objects.filter(enrolment__course=course)
        .order_by("-replaced_at", "replaced_by")
        .values_list("replaced_at", "replaced_by")
        .annotate(count=Count("pk"), restored=Count("restored_at"))
    )
    users = User.objects.in_bulk({by for _at, by, *_counts in rows if by})
    return [ReplacementSummary(at, users.get(by), *counts) for at, by, *counts in rows]


def replaced_rows(course: Course) -> list[ReplacementSummary]:
    """Return when rosters replaced recorded rows of this course, the latest first."""
    rows = (
        ReplacedEnrolment.objects.filter(enrolment__course=course)
        .order_by("-replaced_at", "replaced_by")
        .values_list("replaced_at", "replaced_by", "roster_import__file_name")
        .annotate(count=Count("pk"), restored=Count("restored_at"))
    )
    users = User.objects.in_bulk({by for _at, by, *_rest in rows if by})
    return [
        ReplacementSummary(at, users.get(by), count, restored, file)
        for at, by, file, count, restored in rows
    ]


def sent_again(changes: Iterable[MarkChange]) -> Iterator[tuple[str, str, str]]:
    """Yield, of each mark that somebody wants changed, what a form sends of it.

    What its editor saw (``register.changes_in``), the name of the field, and the mark.
    """
    for change in changes:
        if change.mark != change.seen:
            seen = f"{change.session_id}|{change.enrolment_id}:{LATIN.get(change.seen, '')}"
            yield seen, field_name(*change.place), letter_of(change.mark)

"""Recording and undoing rosters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.deletion import ProtectedError
from django.utils import timezone

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.people.models import Person
from tafahom.people.queries import PersonIds, chunks
from tafahom.periods.queries import refuse_closed
from tafahom.scoping import everything
from tafahom.training.courses.actions import mark_courses_changed
from tafahom.training.courses.groups import GroupWords
from tafahom.training.courses.queries import months_of
from tafahom.training.locks import hold_import_lock
from tafahom.training.models import (
    Course,
    Enrolment,
    RosterImport,
)
from tafahom.training.rosters.course_recording import CourseRecorder
from tafahom.training.rosters.queries import live_import
from tafahom.training.rosters.recorded import distinct_courses
from tafahom.training.rosters.recording import (
    record_attendance,
    record_enrolments,
    resolve_people,
)
from tafahom.training.rosters.replaceable import Replacement
from tafahom.training.rosters.replacing import (
    ReplacedSinceError,
    replace_rows,
    restore_replaced,
)
from tafahom.training.rosters.rules import RosterEntry


class UndoRefusedError(Exception):
    """An import that cannot be undone, with the reason.

    ``replaced_since`` counts rows that it replaced and that were changed again since: these
    changes must be taken back first.
    """

    def __init__(self, reason: str, *, replaced_since: int = 0) -> None:
        super().__init__(reason)
        self.replaced_since = replaced_since


@dataclass(frozen=True, slots=True)
class RecordedRoster:
    """What was written of a roster: each row with the id of its enrolment.

    ``replaced`` are the enrolments that were there, and whose place rows took. The counts on
    ``roster_import`` (do not save it) are of this writing alone.
    """

    roster_import: RosterImport
    enrolments: Sequence[tuple[RosterEntry, int]]
    replaced: frozenset[int]


@transaction.atomic
def record_roster(
    accepted: Sequence[RosterEntry],
    *,
    sha256: str,
    file_name: str,
    rows: int,
    rejected: int,
    by: User | None,
    known: PersonIds | None = None,
    words: GroupWords | None = None,
    given: Mapping[str, Mapping[str, str]] | None = None,
    replacing: Sequence[Replacement] = (),
    accounted: Mapping[str, int] | None = None,
) -> RecordedRoster:
    """Record judged rows in one transaction: all of them, or nothing and an exception.

    ``known`` are the recorded people that judging found, in this very transaction. ``words`` are
    those that the rows were judged with: what was answered about words of this roster counts.
    ``given`` is what the file does not say and was given for it, by sheet and field. Of
    ``accepted`` those in ``replacing`` take the place of recorded rows, which are kept.
    ``accounted`` is how many rows of its sheets are of each kind.

    Creates missing persons, courses, centres, standards, sessions and attendance. Rows of a
    file that is partly recorded are added to its import.
    """
    hold_import_lock()
    at = timezone.now()
    roster_import = live_import(sha256) or RosterImport.objects.create(
        sha256=sha256, file_name=file_name[:300], imported_by=by, imported_at=at
    )
    words = words or GroupWords()
    recorder = CourseRecorder(distinct_courses(accepted), roster_import, words)
    courses = recorder.record()
    placed = {id(one.entry) for one in replacing}
    new = [entry for entry in accepted if id(entry) not in placed]
    people = resolve_people(new, known, words=words)
    ids = record_enrolments(
        new, courses=courses, people=people, roster_import=roster_import, words=words, at=at
    )
    record_attendance(new, ids, courses=courses)
    replace_rows(replacing, courses=courses, roster_import=roster_import, by=by, at=at)
    mark_courses_changed({(course.id, course.end_month) for course in courses.values()})
    counts = {
        "accepted": len(accepted),
        "created_persons": people.created,
        "created_courses": len(recorder.created),
        "created_enrolments": len(ids),
    }
    _count(roster_import, {"rows": rows, "rejected": rejected}, counts, accounted)
    record(
        action="training.roster_recorded",
        target=f"roster_import:{roster_import.uid}",
        details={"sha256": sha256, "rows": rows, "rejected": rejected, **counts}
        | recorder.created_names
        | ({"replaced": len(replacing)} if replacing else {})
        | ({"given": given} if given else {}),
        by=by,
    )
    replaced = [(one.entry, one.enrolment_id) for one in replacing if one.enrolment_id is not None]
    return RecordedRoster(
        roster_import,
        [*zip(new, ids, strict=True), *replaced],
        frozenset(pk for _entry, pk in replaced),
    )


def _count(
    roster_import: RosterImport,
    of_file: Mapping[str, int],
    of_call: Mapping[str, int],
    accounted: Mapping[str, int] | None,
) -> None:
    """Keep the counts of the file, and add those of this call to what earlier ones wrote of it."""
    RosterImport.objects.filter(pk=roster_import.pk).update(
        **of_file,
        accounted=dict(accounted or {}),
        **{name: F(name) + count for name, count in of_call.items()},
    )
    for name, count in {**of_call, **of_file}.items():
        setattr(roster_import, name, count)


@everything("what other imports use stays, wherever it lies")
@transaction.atomic
def undo_import(roster_import: RosterImport, *, by: User | None) -> None:
    """Take back what an import recorded: its enrolments, and courses and persons left empty.

    Rows that it replaced get their values of before; where the import they came from was undone
    meanwhile, they go as the rest of it did. Courses and persons that other imports use stay.
    Raises UndoRefusedError when it is undone already, when something that must not be lost
    depends on it or when a row it replaced was changed since, PeriodClosedError when a row is of
    a closed month; then nothing changes.
    """
    hold_import_lock()
    locked = RosterImport.objects.select_for_update().get(pk=roster_import.pk)
    if locked.undone_at:
        raise UndoRefusedError("This import has been undone already.")
    refuse_closed(months_of(Enrolment.objects.filter(roster_import=locked)))
    at = timezone.now()
    try:
        restored = restore_replaced(locked, by=by, at=at)
    except ReplacedSinceError as error:
        raise UndoRefusedError(str(error), replaced_since=error.count) from error
    enrolments = _brought_by(locked)
    persons = set(enrolments.values_list("person_id", flat=True))
    courses = set(enrolments.values_list("course_id", "course__end_month"))
    try:
        with transaction.atomic():
            removed = enrolments.count()
            enrolments.delete()
            gone_courses = _remove_empty_courses({pk for pk, _ in courses}, locked)
            gone_persons = _remove_idle_persons(persons)
    except ProtectedError as error:
        raise UndoRefusedError("Other records depend on what this import brought.") from error
    mark_courses_changed(courses | restored.courses)
    roster_import.undone_at = locked.undone_at = at
    locked.save(update_fields=["undone_at"])
    record(
        action="training.roster_undone",
        target=f"roster_import:{locked.uid}",
        details={
            "sha256": locked.sha256,
            "enrolments": removed,
            "courses": gone_courses,
            "persons": gone_persons,
        }
        | ({"restored": restored.count} if restored.count else {}),
        by=by,
    )


def _brought_by(roster_import: RosterImport) -> QuerySet[Enrolment]:
    """Return the import's own enrolments, and restored ones whose own import is undone."""
    restored = roster_import.replaced_rows.filter(restored_at__isnull=False).order_by()
    orphaned = Q(roster_import__undone_at__isnull=False, pk__in=restored.values("enrolment"))
    return Enrolment.objects.filter(Q(roster_import=roster_import) | orphaned)


def _remove_empty_courses(ids: set[int], roster_import: RosterImport) -> int:
    """Remove courses that no enrolment is left in, if this or an undone import made them."""
    removed = 0
    made_here = Q(created_by_import=roster_import) | Q(created_by_import__undone_at__isnull=False)
    for chunk in chunks(ids):
        empty = Course.objects.filter(made_here, pk__in=chunk, enrolments__isnull=True)
        removed += empty.delete()[1].get("training.Course", 0)
    return removed


def _remove_idle_persons(ids: set[int]) -> int:
    """Remove persons, with their identities, that no enrolment is left of."""
    removed = 0
    for chunk in chunks(ids):
        idle = Person.objects.filter(pk__in=chunk, enrolments__isnull=True)
        removed += idle.delete()[1].get("people.Person", 0)
    return removed

"""Reads of exchange: rosters as remembered columns have them read, history, what an undo takes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db.models import Count, QuerySet

from tafahom.access.models import User
from tafahom.agreements.models import Agreement
from tafahom.credentials.models import Certificate
from tafahom.exchange.models import ColumnMapping, StagedImport
from tafahom.exchange.roster import ReadResult, read_roster
from tafahom.parties.models import Partner
from tafahom.persian import normal_key, number_key
from tafahom.scoping import current_scope, everything
from tafahom.training.models import Attendance, Course, Enrolment, RosterImport
from tafahom.training.rules import RosterEntry


@dataclass(frozen=True, slots=True)
class Losses:
    """What undoing an import takes away; what other imports use stays and is not counted."""

    enrolments: int
    certificates: int
    courses: int
    persons: int
    marks: int  # of attendance, those made by hand since among them


def read_file(path: Path, *, mapping: Mapping[str, str] | None = None) -> ReadResult:
    """Read a roster as this office counts lateness. Needs no database."""
    return read_roster(path, mapping=mapping, late_counts_whole=settings.LATE_COUNTS_WHOLE)


def read_with_mappings(path: Path, *, first: ReadResult | None = None) -> ReadResult:
    """Read a roster, its unknown columns as they were explained for the partner it is of.

    ``first`` is the roster as read without any explanation, when that is at hand. An explanation
    is used only if the roster read with it turns out to be of that partner's agreements.
    """
    plain = first or read_file(path)
    unknown = {normal_key(header) for header in unknown_headers(plain)}
    partners = partners_of(plain.entries)
    for partner, mapping in _mappings(unknown).items():
        if partners and partner not in partners:
            continue
        again = read_file(path, mapping=mapping)
        of = partners_of(again.entries)
        if partner in of or (not of and again.file_error is None):
            return again
    return plain


def unknown_headers(result: ReadResult) -> list[str]:
    """Return the headers of a roster that nobody knows, each once, as they are written."""
    return list(dict.fromkeys(result.unknown_columns))


def partners_of(entries: Iterable[RosterEntry]) -> set[int]:
    """Return ids of the partners whose agreements the rows are under, or who are named in them."""
    courses = {id(entry.course): entry.course for entry in entries}.values()
    numbers = {number_key(course.agreement_number) for course in courses}
    names = {normal_key(course.partner) for course in courses if course.partner}
    agreed = Agreement.objects.filter(key__in=numbers).values_list("partner_id", flat=True)
    return set(agreed) or set(Partner.objects.filter(key__in=names).values_list("pk", flat=True))


def staged_imports_of(user: User, *, all_of_them: bool) -> QuerySet[StagedImport]:
    """Return uploads that someone may see: their own or, for who answers for all, everybody's.

    Of a file that is not recorded nobody knows whom it is about: who sees a part sees their own.
    """
    staged = StagedImport.objects.select_related("job", "uploader")
    if all_of_them and current_scope().is_everything:
        return staged
    return staged.filter(uploader=user)


def imports_of(user: User, *, all_of_them: bool) -> QuerySet[RosterImport]:
    """Return recorded files that someone may see: their own or, for who answers for all, any.

    Who answers for a part sees those all of whose rows lie in it.
    """
    imports = RosterImport.objects.select_related("imported_by")
    if not all_of_them:
        return imports.filter(imported_by=user)
    if current_scope().is_everything:
        return imports
    inside = _rows_of_imports(Enrolment.objects.filter(roster_import__isnull=False))
    with everything("whether rows lie outside is seen from outside"):
        all_rows = _rows_of_imports(Enrolment.objects.filter(roster_import__in=inside))
    return imports.filter(pk__in=[pk for pk, rows in inside.items() if all_rows[pk] == rows])


def _rows_of_imports(enrolments: QuerySet[Enrolment]) -> dict[int | None, int]:
    """Return how many rows each import has among these."""
    rows = enrolments.order_by().values_list("roster_import")
    return dict(rows.annotate(count=Count("pk")))


@everything("what other imports use stays, wherever it lies")
def losses(roster_import: RosterImport) -> Losses:
    """Return what undoing would take away now."""
    enrolments = Enrolment.objects.filter(roster_import=roster_import)
    stay = Enrolment.objects.exclude(roster_import=roster_import)
    persons = enrolments.values("person_id")
    courses = enrolments.values("course_id")
    kept_persons = stay.filter(person_id__in=persons).values("person_id").distinct().count()
    kept_courses = stay.filter(course_id__in=courses).values("course_id").distinct().count()
    return Losses(
        enrolments=enrolments.count(),
        certificates=Certificate.objects.filter(enrolment__in=enrolments).count(),
        courses=Course.objects.filter(pk__in=courses).count() - kept_courses,
        persons=persons.distinct().count() - kept_persons,
        marks=Attendance.objects.filter(enrolment__in=enrolments).count(),
    )


def _mappings(header_keys: set[str]) -> dict[int, dict[str, str]]:
    """Return explanations of these headers by partner id: header key to canonical field."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    if header_keys:
        rows = ColumnMapping.objects.filter(header_key__in=header_keys)
        for partner, key, field in rows.values_list("partner_id", "header_key", "field"):
            found[partner][key] = field
    return dict(found)


def live_imports(digests: Iterable[str]) -> dict[str, RosterImport]:
    """Return by digest the imports, not undone, that recorded every row of their file."""
    found = RosterImport.objects.filter(undone_at__isnull=True, rejected=0)
    return {row.sha256: row for row in found.filter(sha256__in=list(digests))}

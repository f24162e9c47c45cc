"""What stands in the file of a bulk export: one row for each enrolment."""

from collections.abc import Callable, Iterator

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tafahom.jalali import format_date
from tafahom.localised import is_persian
from tafahom.people.queries import identities_of
from tafahom.people.sealing import IdentityData
from tafahom.persian import sort_key
from tafahom.privacy.models import DataExport, Subject
from tafahom.reports.tables import Column, ReportTable, TableCell
from tafahom.training.models import Enrolment

NOBODY = IdentityData()
STEP = 500
# By what an enrolment belongs to a subject.
OF = {
    Subject.COURSE: "course__uid",
    Subject.AGREEMENT: "course__agreement__uid",
    Subject.PARTNER: "course__agreement__partner__uid",
}


def enrolments(subject: Subject, uid: str) -> QuerySet[Enrolment]:
    """Return the enrolments that an export is about, within the present scope."""
    return Enrolment.objects.filter(**{OF[subject]: uid})


def export_table(export: DataExport, *, advance: Callable[[int], None]) -> ReportTable:
    """Return the table of an export, sorted by name; ``advance`` hears of rows that are done."""
    rows = sorted(_rows(export, advance), key=lambda row: (sort_key(str(row[0])), row[1:2]))
    hours = sum(float(cell) for row in rows if isinstance(cell := row[-3], int | float))
    columns = _columns(with_audience=export.with_audience)
    total: list[TableCell] = [None] * len(columns)
    total[0], total[-3] = _("Total"), hours
    asked, decided = export.requested_by, export.decided_by
    return ReportTable(
        title=export.title,
        subtitle=_("Personal data. For %(who)s, let out by %(other)s. Number %(uid)s.")
        % {
            "who": asked.display_name,
            "other": decided and decided.display_name,
            "uid": export.uid,
        },
        columns=columns,
        rows=rows,
        total=total,
        as_of=timezone.now(),
        notes=[
            _("For: %(reason)s") % {"reason": export.reason},
            _("Do not pass this file on, and destroy it when this is done."),
        ],
        is_right_to_left=is_persian(),
    )


def _columns(*, with_audience: bool) -> list[Column]:
    columns = [
        Column("last_name", _("Last name")),
        Column("first_name", _("First name")),
        Column("father_name", _("Father's name")),
        Column("national_id", _("National ID")),
        Column("fida_code", _("Foreigner's code")),
        Column("birth_date", _("Born on")),
        Column("mobile", _("Telephone")),
        Column("gender", _("Gender")),
        Column("course", _("Course")),
        Column("centre", _("Centre")),
        Column("ends_on", _("Ends")),
    ]
    if with_audience:
        columns.append(Column("audience", _("Audience")))
    return [
        *columns,
        Column("hours", _("Hours attended"), "hours"),
        Column("result", _("Result")),
        Column("certificate", _("Certificate")),
    ]


def _rows(export: DataExport, advance: Callable[[int], None]) -> Iterator[list[TableCell]]:
    found = enrolments(Subject(export.subject), export.subject_uid).select_related(
        "person", "course__centre", "audience", "certificate"
    )
    ids = list(found.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), STEP):
        chunk = list(found.filter(pk__in=ids[start : start + STEP]))
        identities = identities_of({row.person_id for row in chunk})
        for row in chunk:
            yield _row(row, identities.get(row.person_id, NOBODY), export.with_audience)
        advance(len(chunk))


def _row(row: Enrolment, who: IdentityData, with_audience: bool) -> list[TableCell]:
    certificate = getattr(row, "certificate", None)
    cells: list[TableCell] = [
        who.last_name,
        who.first_name,
        who.father_name,
        who.national_id,
        who.fida_code,
        format_date(who.birth_date, digits="en") if who.birth_date else "",
        who.mobile,
        row.person.get_gender_display(),
        row.course.title,
        row.course.centre.name,
        format_date(row.course.ends_on, digits="en"),
    ]
    if with_audience:
        cells.append(row.audience.name if row.audience else "")
    result = _("Passed") if row.passed else _("Failed") if row.written_mark is not None else ""
    return [*cells, row.credited_minutes / 60, result, certificate.number if certificate else ""]

"""Occupational standards from a registry file, and which loader reads which registry."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from operator import call
from pathlib import Path

from django.db import DatabaseError, transaction

from tafahom.access.models import User
from tafahom.agreements.registry import load_agreements
from tafahom.parties.actions import ChangeRefusedError
from tafahom.parties.registry import load_centres, load_partners
from tafahom.periods.guards import hold_months
from tafahom.periods.messages import refusal_in
from tafahom.persian import to_ascii_digits
from tafahom.registries.loading import (
    Columns,
    RegistryCellError,
    RegistryReport,
    RegistryRow,
    RunRow,
    load_registry,
    name_in,
)
from tafahom.training.courses.actions import mark_courses_changed
from tafahom.training.courses.groups import cluster_words
from tafahom.training.models import Course
from tafahom.training.registries.lists import load_lists
from tafahom.training.registries.loads import keeping
from tafahom.training.standards.actions import save_standard

COLUMNS = Columns(
    headers={
        "code": ("کد", "کد استاندارد"),
        "title": ("عنوان", "عنوان استاندارد", "نام استاندارد"),
        "cluster": ("خوشه",),
        "group": ("گروه", "گروه آموزشی"),
        "theory_hours": ("ساعت نظری", "نظری"),
        "practice_hours": ("ساعت عملی", "عملی"),
    },
    needed=("title",),
)
MAXIMUM_HOURS = 10_000


def load_standards(path: Path, *, run_row: RunRow = call, by: User | None) -> RegistryReport:
    """Register standards: ``code, title, cluster, group, theory_hours, practice_hours``."""
    clusters = cluster_words()

    def save(number: int, row: RegistryRow) -> bool:
        return save_standard(
            code=row.get("code", ""),
            title=row["title"],
            cluster=name_in(clusters, "cluster", row),
            group=row.get("group", ""),
            theory_minutes=_minutes("theory_hours", row),
            practice_minutes=_minutes("practice_hours", row),
            by=by,
        )[1]

    return load_registry(path, kind="standards", columns=COLUMNS, save=save, run_row=run_row, by=by)


def _minutes(column: str, row: RegistryRow) -> int | None:
    """Hours of a cell as whole minutes; None for an empty one."""
    text = row.get(column, "")
    if not text:
        return None
    try:
        minutes = Decimal(to_ascii_digits(text).replace("٫", ".").replace("/", ".")) * 60
    except InvalidOperation as error:
        raise RegistryCellError(column, "hours.not_a_number", text) from error
    if not minutes.is_finite() or not 0 <= minutes <= MAXIMUM_HOURS * 60:
        raise RegistryCellError(column, "hours.not_a_number", text)
    return int(minutes.to_integral_value())


LOADERS: dict[str, Callable[..., RegistryReport]] = {
    "partners": load_partners,
    "agreements": load_agreements,
    "centres": load_centres,
    "standards": load_standards,
    "lists": load_lists,
}


# The column of a file that a column of a table is filled from.
FILLED_FROM = {
    "kind_id": "kind",
    "county_id": "county",
    "centre_type_id": "type",
    "partner_id": "partner",
    "level": "level",
    "parent_id": "parent",
    "cluster_id": "cluster",
    "theory_minutes": "theory_hours",
    "practice_minutes": "practice_hours",
}


@transaction.atomic
def load(kind: str, path: Path, *, by: User | None) -> RegistryReport:
    """Load a registry of one of the kinds in ``LOADERS``.

    A row that would move the figures of a closed month is refused, the others are recorded. What
    they changed is kept, to be undone (``training.loads``). Facts of courses repeat what registries say, so a change marks every course: registries change
    rarely, and a province's courses are counted in thousands.
    """
    hold_months()
    with keeping(kind, file_name=path.name, by=by) as kept:
        report = LOADERS[kind](path, run_row=_unless_closed, by=by)
    report.load_uid = kept.load.uid if kept.load else ""
    if report.changed:
        mark_courses_changed(Course.objects.values_list("pk", "end_month"))
    return report


def _unless_closed(save: Callable[[], bool]) -> bool:
    """Write a row. Raises CellError when that would move the figures of a closed month."""
    try:
        with transaction.atomic():
            return save()
    except (ChangeRefusedError, DatabaseError) as error:
        refusal = refusal_in(error)
        if refusal is None:
            raise
        names = error.names if isinstance(error, ChangeRefusedError) else ()
        column = next((FILLED_FROM[name] for name in names if name in FILLED_FROM), "")
        raise RegistryCellError(column, "period.closed", months=refusal.months) from error

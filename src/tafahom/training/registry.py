"""Occupational standards from a registry file, and which loader reads which registry."""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from pathlib import Path

from django.db import transaction

from tafahom.access.models import User
from tafahom.agreements.registry import load_agreements
from tafahom.parties.registry import (
    CellError,
    Columns,
    RegistryReport,
    Row,
    load_centres,
    load_partners,
    load_registry,
)
from tafahom.persian import to_ascii_digits
from tafahom.training.actions import mark_courses_changed, save_standard
from tafahom.training.models import Course

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


def load_standards(path: Path, *, by: User | None) -> RegistryReport:
    """Register standards: ``code, title, cluster, group, theory_hours, practice_hours``."""

    def save(number: int, row: Row) -> bool:
        return save_standard(
            code=row.get("code", ""),
            title=row["title"],
            cluster=row.get("cluster", ""),
            group=row.get("group", ""),
            theory_minutes=_minutes("theory_hours", row),
            practice_minutes=_minutes("practice_hours", row),
            by=by,
        )[1]

    return load_registry(path, kind="standards", columns=COLUMNS, save=save, by=by)


def _minutes(column: str, row: Row) -> int | None:
    """Hours of a cell as whole minutes; None for an empty one."""
    text = row.get(column, "")
    if not text:
        return None
    try:
        minutes = Decimal(to_ascii_digits(text).replace("٫", ".").replace("/", ".")) * 60
    except InvalidOperation as error:
        raise CellError(column, "hours.not_a_number", text) from error
    if not minutes.is_finite() or not 0 <= minutes <= MAXIMUM_HOURS * 60:
        raise CellError(column, "hours.not_a_number", text)
    return int(minutes.to_integral_value())


LOADERS: dict[str, Callable[..., RegistryReport]] = {
    "partners": load_partners,
    "agreements": load_agreements,
    "centres": load_centres,
    "standards": load_standards,
}


@transaction.atomic
def load(kind: str, path: Path, *, by: User | None) -> RegistryReport:
    """Load a registry of one of the kinds in ``LOADERS``.

    Facts of courses repeat what registries say, so a change marks every course: registries
    change rarely, and a province's courses are counted in thousands.
    """
    report = LOADERS[kind](path, by=by)
    if report.changed:
        mark_courses_changed(Course.objects.values_list("pk", "end_month"))
    return report

"""Registering occupational standards."""

from tafahom.access.models import User
from tafahom.parties.actions import listed_record, update_changed
from tafahom.persian import clean, normal_key, sort_key
from tafahom.training.models import (
    Cluster,
    OccupationalStandard,
)
from tafahom.training.standards.rules import standard_key


def save_standard(
    *,
    code: str,
    title: str,
    cluster: str = "",
    group: str = "",
    theory_minutes: int | None = None,
    practice_minutes: int | None = None,
    by: User | None,
) -> tuple[OccupationalStandard, bool]:
    """Register a standard or correct one; whether anything changed.

    Empty values leave what is recorded. ``by`` is recorded by the caller, once for the whole
    registry. Raises ValueError without a title, UnknownEntryError for a cluster that is in no list.
    """
    title, code = clean(title), clean(code)
    if not normal_key(title):
        raise ValueError("a title is needed")
    known = [minutes for minutes in (theory_minutes, practice_minutes) if minutes is not None]
    wanted = {
        "title": title,
        "sort_key": sort_key(title),
        "code": code,
        "cluster_id": listed_record(Cluster, cluster).pk if cluster.strip() else None,
        "group": clean(group),
        "theory_minutes": theory_minutes,
        "practice_minutes": practice_minutes,
        "total_minutes": sum(known) if known else None,
    }
    given = {name: value for name, value in wanted.items() if value not in ("", None)}
    standard, created = OccupationalStandard.objects.get_or_create(
        key=standard_key(code, title), defaults=given
    )
    return standard, created or update_changed(standard, given)

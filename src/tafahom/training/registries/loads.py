"""What a registry file changed, kept as data, and taking that back."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, connection, models, transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, Commitment
from tafahom.audit.actions import record
from tafahom.parties.actions import ChangeRefusedError
from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    ListWord,
    Partner,
    PartnerKind,
)
from tafahom.periods.guards import hold_months
from tafahom.periods.messages import refusal_in
from tafahom.scoping import everything
from tafahom.training.courses.actions import mark_courses_changed
from tafahom.training.models import (
    Cluster,
    Course,
    EducationLevel,
    Enrolment,
    LoadedRecord,
    OccupationalStandard,
    RegistryLoad,
)
from tafahom.training.registries.lists import MODELS

# The tables that each registry writes; those that others refer to come first.
TABLES: dict[str, tuple[type[models.Model], ...]] = {
    "partners": (PartnerKind, Audience, Partner),
    "agreements": (Agreement, Commitment),
    "centres": (CentreType, County, Centre),
    "standards": (Cluster, OccupationalStandard),
    "lists": (Audience, Cluster, CentreType, County, EducationLevel, PartnerKind, ListWord),
}
LoadedColumns = dict[str, Any]
Snapshot = dict[tuple[str, int], LoadedColumns]


# Words refer to the entries of these lists by their id.
LIST_OF = {model: name for name, model in MODELS.items()}


class AlreadyUndoneError(Exception):
    """All of this load was taken back before."""


@dataclass(frozen=True, slots=True)
class Staying:
    """A record that is not taken back: its name, and why.

    ``code`` is ``changed`` (somebody changed it since), ``used`` (others depend on it), ``gone``,
    ``conflict`` (what it was before is taken) or ``period.closed`` with its months.
    """

    name: str
    code: str
    months: tuple[int, ...] = ()


@dataclass(slots=True)
class Undone:
    """What an undo took back, and what stays."""

    removed: int = 0
    restored: int = 0
    staying: list[Staying] = field(default_factory=list)


@dataclass(slots=True)
class KeptLoad:
    """What a load changed: filled when its block ends."""

    load: RegistryLoad | None = None


@contextmanager
def keeping(registry: str, *, file_name: str, by: User | None) -> Iterator[KeptLoad]:
    """Keep what the block changes in the tables of a registry; call it in a transaction.

    Nobody else writes these tables meanwhile: what others change is not the load's.
    """
    _hold(registry)
    before, kept = _snapshot(registry), KeptLoad()
    yield kept
    after = _snapshot(registry)
    changed = [key for key, columns in after.items() if before.get(key) != columns]
    if not changed:
        return
    kept.load = RegistryLoad.objects.create(
        registry=registry, file_name=file_name[:300], loaded_by=by, loaded_at=timezone.now()
    )
    LoadedRecord.objects.bulk_create(
        (_record(kept.load, key, before.get(key), after[key]) for key in changed),
        batch_size=500,
    )


@everything("what depends on a record may lie anywhere")
@transaction.atomic
def undo_load(load: RegistryLoad, *, by: User | None) -> Undone:
    """Take back what a load changed, where nothing depends on it; say what stays, and why.

    Records that it created go, records that it changed become what they were, each unless
    somebody changed it since. What stays can be tried again later. Raises AlreadyUndoneError.
    """
    hold_months()
    locked = RegistryLoad.objects.select_for_update(of=("self",)).get(pk=load.pk)
    if locked.undone_at:
        raise AlreadyUndoneError(load.uid)
    _hold(locked.registry)
    undone = Undone()
    # The last first, and again as long as that helps: what refers to another goes before it.
    waiting = list(locked.records.filter(taken_back_at=None).order_by("-pk"))
    while waiting:
        tried = [(one, _take_back(one)) for one in waiting]
        left = [one for one, staying in tried if staying]
        _count([one for one, staying in tried if not staying], undone)
        if len(left) == len(waiting):
            undone.staying = [staying for _one, staying in tried if staying]
            break
        waiting = left
    if not undone.staying:
        load.undone_at = locked.undone_at = timezone.now()
        locked.undone_by = by
        locked.save(update_fields=["undone_at", "undone_by"])
    if undone.removed or undone.restored:
        mark_courses_changed(Course.objects.values_list("pk", "end_month"))
        details = {
            "removed": undone.removed,
            "restored": undone.restored,
            "staying": len(undone.staying),
        }
        record(action="registry.load_undone", target=f"load:{load.uid}", details=details, by=by)
    return undone


def preview_undo(load: RegistryLoad) -> Undone:
    """Return what an undo would take back now, and what would stay. Raises AlreadyUndoneError."""
    with transaction.atomic():
        undone = undo_load(load, by=None)
        transaction.set_rollback(True)
    load.refresh_from_db()
    return undone


def called(instance: models.Model) -> str:
    """Return what a record is called on pages."""
    if isinstance(instance, Commitment):
        return f"{instance.agreement} · {instance.year} · {instance.get_measure_display()}"
    return str(instance)


def record_name(changed: LoadedRecord) -> str:
    """Return what a record is called now; what it was called when it is gone."""
    record = apps.get_model(changed.table)._base_manager.filter(pk=changed.row).first()
    if record is not None:
        return called(record)
    return str(changed.new.get("name") or changed.new.get("title") or changed.row)


def _count(taken: Sequence[LoadedRecord], undone: Undone) -> None:
    """Mark what was taken back, and count it."""
    LoadedRecord.objects.filter(pk__in=[one.pk for one in taken]).update(
        taken_back_at=timezone.now()
    )
    created = sum(one.old is None for one in taken)
    undone.removed += created
    undone.restored += len(taken) - created


def _hold(registry: str) -> None:
    """Keep others from writing the tables of a registry until the transaction ends.

    SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in TABLES[registry])
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")


def _snapshot(registry: str) -> Snapshot:
    """Return every row of the tables of a registry as JSON keeps it."""
    found: Snapshot = {}
    for model in TABLES[registry]:
        for row in model._base_manager.order_by("pk").values():
            found[model._meta.label, row["id"]] = _as_json(row)
    return found


def _as_json(row: LoadedColumns) -> LoadedColumns:
    plain: LoadedColumns = json.loads(json.dumps(row, cls=DjangoJSONEncoder))
    return plain


def _record(
    load: RegistryLoad, key: tuple[str, int], old: LoadedColumns | None, new: LoadedColumns
) -> LoadedRecord:
    if old is not None:
        names = [name for name, value in new.items() if old[name] != value]
        old, new = {name: old[name] for name in names}, {name: new[name] for name in names}
    return LoadedRecord(load=load, table=key[0], row=key[1], old=old, new=new)


def _take_back(one: LoadedRecord) -> Staying | None:
    """Take one record back; return why it stays when it does."""
    model = apps.get_model(one.table)
    columns = model._base_manager.filter(pk=one.row).values().first()
    if columns is None:
        # A record that was created and removed since needs nothing.
        return None if one.old is None else Staying(f"{model._meta.verbose_name} {one.row}", "gone")
    instance = model._base_manager.get(pk=one.row)
    now = _as_json(columns)
    if any(now[name] != value for name, value in one.new.items()):
        return Staying(called(instance), "changed")
    if (one.old is None or model is Commitment) and _is_used(instance):
        return Staying(called(instance), "used")
    try:
        with transaction.atomic():
            if one.old is None:
                instance.delete()
            else:
                _set(instance, one.old)
    except DatabaseError as error:
        refused = ChangeRefusedError(instance, list(one.new))
        refused.__cause__ = error
        if refusal := refusal_in(refused):
            return Staying(called(instance), "period.closed", tuple(sorted(refusal.months)))
        return Staying(called(instance), "conflict")
    return None


def _set(instance: models.Model, old: LoadedColumns) -> None:
    """Give columns the values that they had."""
    by_column = {item.attname: item for item in instance._meta.concrete_fields}
    for name, value in old.items():
        setattr(instance, name, by_column[name].to_python(value))
    instance.save(update_fields=_names(instance, old))


def _names(instance: models.Model, columns: Sequence[str] | LoadedColumns) -> list[str]:
    return [item.name for item in instance._meta.concrete_fields if item.attname in columns]


def _is_used(instance: models.Model) -> bool:
    """Whether another record refers to this one, by a foreign key or in another way."""
    for relation in instance._meta.get_fields(include_hidden=True):
        if relation.auto_created and not relation.concrete:
            others: Any = relation
            found = others.related_model._base_manager.filter(**{others.field.name: instance})
            if found.exists():
                return True
    if ListWord.objects.filter(list_name=LIST_OF.get(type(instance), ""), entry_id=instance.pk):
        return True
    is_level = isinstance(instance, EducationLevel)
    return is_level and Enrolment.objects.filter(education=str(instance)).exists()

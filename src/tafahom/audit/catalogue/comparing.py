"""Comparing the guards that stand in the database with those that were put up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.recorder import MigrationRecorder

from tafahom.audit.catalogue import reading
from tafahom.audit.catalogue.objects import Bound, Function, Policy, Text, Trigger
from tafahom.audit.catalogue.wanted import WantedObject, wanted

_ORIGIN: Final = "O"  # a trigger that fires in every session but a replica's
_ALWAYS: Final = "A"


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that is not as it was put up. ``words.told`` says it in a sentence.

    ``kind`` is "thing.fault". ``name`` is of the thing, ``table`` where it is or should be, and
    ``detail`` what differs, in the words of the database.
    """

    kind: str
    name: str
    table: str = ""
    detail: str = ""


def flaws(using: str = DEFAULT_DB_ALIAS) -> list[Flaw]:
    """Return what is missing, changed or strange among triggers, functions, policies and checks."""
    vendor = connections[using].vendor
    guards = wanted(vendor)
    if vendor == "sqlite":
        return [*_texts(guards, using)]
    return [
        *_functions(guards, using),
        *_triggers(guards, using),
        *_policies(guards, using),
        *_bounds(guards, using),
        *_relations(using),
    ]


def _texts(guards: list[WantedObject], using: str) -> Iterator[Flaw]:
    """Triggers of SQLite: the statement that made each is kept to the letter."""
    there = reading.sqlite_triggers(using)
    for one in guards:
        if isinstance(one, Text):
            yield from _differs(
                "trigger", one.name, one.table, one.statement, there.pop(one.name, "")
            )
    yield from (Flaw("trigger.strange", name) for name in there)


def _differs(thing: str, name: str, table: str, wanted: Any, there: Any) -> Iterator[Flaw]:
    """Yield the flaw of a thing that is not there, or differs."""
    if not there:
        yield Flaw(f"{thing}.missing", name, table)
    elif there != wanted:
        yield Flaw(f"{thing}.changed", name, table)


def _functions(guards: list[WantedObject], using: str) -> Iterator[Flaw]:
    schema = reading.schema(using)
    there = reading.functions(using)
    for one in guards:
        if isinstance(one, Function):
            known = [there.pop(key) for key in list(there) if key[0] == one.name]
            wanted = (
                one.arguments,
                one.returns,
                one.language,
                one.body,
                one.stable,
                one.as_owner,
                f"search_path={schema}, pg_temp" if one.as_owner else "",
            )
            yield from _differs("function", one.name, "", [wanted], known)
    yield from (Flaw("function.strange", name) for name, _arguments in there)


def _triggers(guards: list[WantedObject], using: str) -> Iterator[Flaw]:
    there = reading.triggers(using)
    for one in guards:
        if not isinstance(one, Trigger):
            continue
        wanted = (
            one.bits,
            one.function,
            one.arguments,
            tuple(sorted(one.columns)),
            "changed" if one.rows == "OLD" else "",
            "changed" if one.rows == "NEW" else "",
        )
        found = there.pop((one.name, one.table), None)
        if found and found.enabled not in (_ORIGIN, _ALWAYS):
            yield Flaw("trigger.off", one.name, one.table)
        else:
            yield from _differs("trigger", one.name, one.table, wanted, found and found.what)
    for (name, table), found in there.items():
        if not found.is_internal:
            yield Flaw("trigger.strange", name, table)
        elif found.enabled not in (_ORIGIN, _ALWAYS):
            yield Flaw("trigger.references", name, table)


def _policies(guards: list[WantedObject], using: str) -> Iterator[Flaw]:
    there, secured = reading.policies(using), reading.secured(using)
    walled = set()
    for one in guards:
        if isinstance(one, Policy):
            walled.add(one.table)
            condition = reading.plain(one.condition)
            yield from _differs(
                "policy", one.name, one.table, condition, there.pop((one.name, one.table), "")
            )
    yield from (Flaw("policy.strange", name, table) for name, table in there)
    for table, (is_on, is_forced) in secured.items():
        if is_on is not (table in walled) or is_forced:
            yield Flaw("security.changed", table, table)


def _bounds(guards: list[WantedObject], using: str) -> Iterator[Flaw]:
    there = reading.checks(using)
    for one in guards:
        if isinstance(one, Bound):
            yield from _differs(
                "bound", one.name, one.table, reading.plain(one.condition), there.get(one.name, "")
            )


def _relations(using: str) -> Iterator[Flaw]:
    models = apps.get_models(include_auto_created=True)
    ours = {MigrationRecorder.Migration._meta.db_table, *(one._meta.db_table for one in models)}
    for name, kind in reading.relations(using).items():
        if kind != "table" or name not in ours:
            yield Flaw("relation.strange", name, detail=kind)

"""Kinds of records: what the audit, pages and the work list call them, and what holds for them.

A record registers itself when its app is loaded (``register``, from ``ready``); its wing of pages
says where it is shown (``records.pages``). Whoever shows, keeps or guards records asks here, and
no list elsewhere names them all. See docs/development/adding-a-record.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Model
from django.utils.functional import Promise

from tafahom.audit.tracked import keep_history
from tafahom.records.closed_months import GuardedTable, Move

Names: TypeAlias = Callable[[set[str]], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class OwnedTable:
    """A table whose rows belong to a record and are shown in its history.

    ``owner`` is the foreign key to the record, ``label`` what a row is called.
    """

    model: type[Model]
    owner: str
    label: str | Promise


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordKind:
    """A kind of record.

    ``name`` stands before the colon in what acts were done to ("agreement:k3v9…"); it stays as it
    is, since the audit holds it. ``names`` gives what records are called, by the keys after the
    colon; a key whose record is gone has none.

    ``model`` is told where the history of its rows is kept and shown, with that of ``parts``; it
    has a ``uid``. Removals are kept unless ``keeps_removals`` says that another entry tells them.

    ``closed_months`` are the tables, its own or below, whose rows a closed month holds fast since
    figures count them by records of this kind.
    """

    name: str
    names: Names
    model: type[Model] | None = None
    parts: tuple[OwnedTable, ...] = ()
    keeps_removals: bool = True
    closed_months: tuple[GuardedTable | Move, ...] = ()


_KINDS: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    """Make a kind of record known. Raises ValueError for one that is known already."""
    if kind.name in _KINDS:
        raise ValueError(f"there are records “{kind.name}” already")
    _KINDS[kind.name] = kind
    if kind.model:
        keep_history(kind.model, removals=kind.keeps_removals)
    for part in kind.parts:
        keep_history(part.model, owner=part.owner, label=part.label)


def kinds() -> Mapping[str, RecordKind]:
    """Return the kinds that are known, by name."""
    return _KINDS


def kinds_with_history() -> dict[str, type[Model]]:
    """Return the models whose records have a history of their own, by the name of the kind."""
    return {name: kind.model for name, kind in _KINDS.items() if kind.model}


def names_of(targets: Iterable[str]) -> dict[str, str]:
    """Return what targets ("course:…") are called that are still there, one query for each kind."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        kind, _colon, key = target.partition(":")
        by_kind[kind].add(key)
    return {
        f"{kind}:{key}": name
        for kind, keys in by_kind.items()
        if kind in _KINDS
        for key, name in _KINDS[kind].names(keys).items()
    }


def guarded_tables() -> list[GuardedTable]:
    """Return what closed months hold fast: each table once, with what every kind says of it."""
    found: dict[str, GuardedTable] = {}
    for one in _closed_months(GuardedTable):
        found[one.table] = found[one.table] + one if one.table in found else one
    return list(found.values())


def moves() -> list[Move]:
    """Return the columns that move figures of closed months: each move once, as above."""
    found: dict[tuple[str, str], Move] = {}
    for one in _closed_months(Move):
        key = one.table, one.name
        found[key] = found[key] + one if key in found else one
    return list(found.values())


def _closed_months(kind_of: type[Any]) -> Iterable[Any]:
    return (
        one for kind in _KINDS.values() for one in kind.closed_months if isinstance(one, kind_of)
    )

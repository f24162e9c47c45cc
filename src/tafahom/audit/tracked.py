"""Of which tables the history is kept. Apps above say so when they are loaded."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Tracked:
    """A table whose changes are kept; ``owner`` is the column of the record it belongs to.

    ``omitted`` columns are never kept, and a change of nothing else is none. ``label`` is what a
    row is called.
    """

    model: type[models.Model]
    owner: str
    removals: bool
    creations: bool
    omitted: frozenset[str]
    label: str | Promise = ""

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[str]:
        columns = [str(field.column) for field in self.model._meta.concrete_fields]
        return [column for column in columns if column not in self.omitted]


TRACKED: dict[str, Tracked] = {}


def keep_history(
    model: type[models.Model],
    *,
    owner: str = "",
    removals: bool = True,
    creations: bool = False,
    omit: Collection[str] = (),
    label: str | Promise = "",
) -> None:
    """Keep what every change of this table's rows was, whoever makes it.

    ``owner`` names the foreign key to the record on whose page it is shown. What creates rows is
    an act of its own, or an import, and is not kept twice; with ``creations`` it is, so that a row
    that no act made is found. ``omit`` names fields that the history must not hold.
    ``label`` is what a row is called that belongs to another record.
    """
    column = _column(model, owner) if owner else ""
    omitted = frozenset(_column(model, name) for name in omit)
    TRACKED[model._meta.db_table] = Tracked(model, column, removals, creations, omitted, label)


def _column(model: type[models.Model], name: str) -> str:
    return str(model._meta.get_field(name).column)  # type: ignore[union-attr]  # a column of its own

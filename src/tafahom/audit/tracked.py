"""Of which tables the history is kept. Apps above say so when they are loaded."""

from dataclasses import dataclass

from django.db import models


@dataclass(frozen=True, slots=True)
class Tracked:
    """A table whose changes are kept; ``owner`` is the column of the record it belongs to."""

    model: type[models.Model]
    owner: str
    removals: bool

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.model._meta.concrete_fields]


TRACKED: dict[str, Tracked] = {}


def keep_history(model: type[models.Model], *, owner: str = "", removals: bool = True) -> None:
    """Keep what every change of this table's rows was, whoever makes it.

    ``owner`` names the foreign key to the record on whose page it is shown. What creates rows is
    an act of its own, or an import, and is not kept twice.
    """
    column = str(model._meta.get_field(owner).column) if owner else ""  # type: ignore[union-attr]  # a column of its own
    TRACKED[model._meta.db_table] = Tracked(model, column, removals)

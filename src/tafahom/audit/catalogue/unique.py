"""What the models say of unique keys."""

from typing import Any

from django.db import models


def named(model: type[models.Model]) -> set[str]:
    """Return the names of the constraints of a model; others have names that Django makes."""
    return {one.name for one in model._meta.constraints}


def unique_statements(editor: Any) -> list[str]:
    """Return what makes the unique indexes that an editor has put off until tables are there."""
    statements = map(str, editor.deferred_sql)
    return [one for one in statements if one.startswith("CREATE UNIQUE INDEX")]

"""What columns are called in histories, where the model's own word does not say it."""

from typing import Any

from django.utils.functional import Promise

_LABELS: dict[str, Promise] = {}


def label_fields(**labels: Promise) -> None:
    """Name fields, for every record that has one. Raises ValueError for another name of one."""
    for field, label in labels.items():
        if _LABELS.setdefault(field, label) != label:
            raise ValueError(f"fields “{field}” are called {_LABELS[field]} already")


def field_label(field: Any) -> str:
    """Return what a model's field is called."""
    return str(_LABELS.get(field.name, field.verbose_name))

"""The history of a record: which field became what, word by word."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Model
from django.utils import timezone
from django.utils.translation import gettext

from tafahom.audit.models import Change
from tafahom.audit.queries import model_of, names_in
from tafahom.audit.tracked import TRACKED
from tafahom.jalali import format_date
from tafahom.parties.models import Audience
from tafahom.persian.diff import Piece, word_diff
from tafahom.records import kinds
from tafahom.records.labels import field_label

# Follow from other fields.
DERIVED = frozenset({"id", "uid", "key", "sort_key", "start_month", "end_month"})
# Where a row came from; the import tells.
PROVENANCE = frozenset({"recorded_at", "source_sheet", "source_row", "source_column"})
# Records without a name of their own.
NUMBERED = frozenset({"enrolment", "session", "person"})
# Kept in hundredths of a mark.
IN_HUNDREDTHS = frozenset({"written_mark", "practical_mark"})


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field and the pieces of what it was and became."""

    label: str
    pieces: list[Piece]


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One change of a record, or of what belongs to it (``what``)."""

    change: Change
    what: str
    is_created: bool
    is_removed: bool
    fields: list[FieldChange]


def tables_of(kind: str) -> list[str]:
    """Return the tables whose rows belong to a record of this kind."""
    return [part.model._meta.db_table for part in kinds()[kind].parts]


def steps(changes: Iterable[Change], *, may_see_sensitive: bool) -> list[HistoryStep]:
    """Return changes as a page shows them; names of other records are read at once by kind."""
    rows = [
        (change, json.loads(change.old or "{}"), json.loads(change.new or "{}"))
        for change in changes
    ]
    names = names_in(rows, besides=NUMBERED)
    found = []
    for change, old, new in rows:
        model = model_of(change.table)
        fields = [*_fields(model, old, new, names, may_see_sensitive=may_see_sensitive)]
        if fields:
            what = str(TRACKED[change.table].label)
            found.append(HistoryStep(change, what, not change.old, not change.new, fields))
    return found


def _fields(
    model: type[Model],
    old: dict[str, Any],
    new: dict[str, Any],
    names: Mapping[Any, Mapping[Any, str]],
    *,
    may_see_sensitive: bool,
) -> Iterator[FieldChange]:
    for field in model._meta.concrete_fields:
        was, became = old.get(field.column), new.get(field.column)
        if field.name in DERIVED | PROVENANCE or was == became:
            continue
        if field.related_model is Audience and not may_see_sensitive:
            continue

        def shown(value: Any, field: Any = field) -> str:
            if value is None or value == "":
                return ""
            if field.name in NUMBERED:
                return f"#{value}"
            if field.is_relation:
                return names.get(field.related_model, {}).get(value, f"#{value}")
            if field.name in IN_HUNDREDTHS:
                return f"{value / 100:g}"
            if isinstance(field, BooleanField):  # 1 or 0 where SQLite's trigger wrote it
                return gettext("yes") if value else gettext("no")
            return str(dict(field.flatchoices).get(value, value))

        pieces = word_diff(_dated(field, shown(was)), _dated(field, shown(became)))
        if pieces:
            yield FieldChange(field_label(field), pieces)


def _dated(field: Any, text: str) -> str:
    """Return a day, or the day of a moment, as the calendar of the office has it."""
    kind = field.get_internal_type() if text else ""
    if kind == "DateTimeField":
        moment = dt.datetime.fromisoformat(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)  # of SQLite's trigger
        text = timezone.localtime(aware).isoformat()
    if kind in ("DateField", "DateTimeField"):
        return format_date(dt.date.fromisoformat(text[:10]), digits="en")
    return text

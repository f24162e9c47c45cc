"""The history of a record: which field became what, word by word."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Model
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Commitment,
    CommitmentShare,
    Obligation,
    Signatory,
)
from tafahom.audit.models import Change
from tafahom.audit.queries import model_of, names_in
from tafahom.jalali import format_date
from tafahom.parties.models import Audience, Centre, Partner
from tafahom.persian.diff import Piece, word_diff
from tafahom.training.models import Course, OccupationalStandard

KINDS: dict[str, type[Model]] = {
    "agreement": Agreement,
    "partner": Partner,
    "centre": Centre,
    "course": Course,
    "standard": OccupationalStandard,
}
OWNED: dict[str, tuple[type[Model], ...]] = {
    "agreement": (Commitment, CommitmentShare, AgreementParty, Obligation, Signatory)
}
# Follow from other fields.
DERIVED = frozenset({"id", "uid", "key", "sort_key", "start_month", "end_month"})
# Where a row came from; the import tells.
PROVENANCE = frozenset({"recorded_at", "source_sheet", "source_row", "source_column"})
LABELS = {
    "partner": _("Partner"),
    "parent": _("Implements"),
    "province": _("Province"),
    "predecessor": _("Renews"),
    "centre": _("Centre"),
    "centre_type": _("Type of centre"),
    "county": _("County"),
    "kind": _("Kind"),
    "main_audience": _("Main audience"),
    "agreement": _("Agreement"),
    "commitment": _("Commitment"),
    "party": _("Further party"),
    "standard": _("Standard"),
    "cluster": _("Cluster"),
    "theory_minutes": _("Minutes of theory"),
    "practice_minutes": _("Minutes of practice"),
    "total_minutes": _("Minutes in all"),
    "reveals_status": _("Tells of sensitive groups"),
    "user": _("Account"),
    "role": _("Role of an account"),
    "course": _("Course"),
    "course_uid": _("Course"),
    "agreement_uid": _("Agreement"),
    "person": _("Trainee"),
    "enrolment": _("Enrolment"),
    "session": _("Session"),
    "mark": _("Mark in the register"),
    "credited_minutes": _("Minutes credited"),
    "written_mark": _("Written mark"),
    "practical_mark": _("Practical mark"),
    "passed": _("Passed"),
    "reported_result": _("Result as reported"),
    "roster_import": _("Roster"),
    "valid_from": _("From day"),
    "valid_to": _("To day"),
    "given_by": _("Given by"),
    "confirmed_by": _("Confirmed by"),
    "confirmed_at": _("Confirmed on"),
    "reviewed_by": _("Confirmed again by"),
    "at_machine": _("On the server"),
}
NAMES = {
    "commitment": _("Commitment"),
    "commitmentshare": _("Share of the national commitments"),
    "agreementparty": _("Further party"),
    "obligation": _("Obligation"),
    "signatory": _("Signatory"),
    "membership": _("Role of an account"),
    "enrolment": _("Enrolment"),
    "attendance": _("Mark in the register"),
    "person": _("Trainee"),
}
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
    return [model._meta.db_table for model in OWNED.get(kind, ())]


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
            what = str(NAMES.get(model._meta.model_name or "", ""))
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

        label = LABELS.get(field.name, field.verbose_name)
        pieces = word_diff(_dated(field, shown(was)), _dated(field, shown(became)))
        if pieces:
            yield FieldChange(str(label), pieces)


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

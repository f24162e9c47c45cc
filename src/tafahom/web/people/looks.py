"""Who looked at a person, as pages show it: by day, what one account did alike in one line."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.access.models import User
from tafahom.audit.models import Entry
from tafahom.audit.queries import entries_between, readings_of
from tafahom.people.models import Person
from tafahom.web.audit.records import NamedTarget, named
from tafahom.web.people.forms import OCCASIONS

LATELY, MAX_READINGS = dt.timedelta(days=30), 200
FIELDS: dict[str, str | Promise] = {
    "names": gettext_lazy("Name"),
    "national_id": gettext_lazy("National ID"),
    "fida_code": gettext_lazy("Foreigner's code"),
    "father_name": gettext_lazy("Father's name"),
    "birth_date": gettext_lazy("Born on"),
    "mobile": gettext_lazy("Telephone"),
    "audience": gettext_lazy("Audience"),
}
# The first part of an entry's ``where``; of older entries, which have none, the kind of reading.
PLACES: dict[str, str | Promise] = {
    "course": gettext_lazy("On the page of a course"),
    "register": gettext_lazy("In a register of attendance"),
    "people": gettext_lazy("In the list of people"),
    "person": gettext_lazy("On the page of the person"),
    "forget": gettext_lazy("On the page that forgets somebody"),
    "readings": gettext_lazy("In the list of who looked"),
    "retention": gettext_lazy("In the list of whose time is over"),
    "export": gettext_lazy("As a file"),
    "person.shown": gettext_lazy("On the page of the person"),
    "audience": gettext_lazy("On the page of a person or course"),
    "privacy.export": gettext_lazy("As a file"),
    "people.seen": gettext_lazy("On the page of the person"),
}


@dataclass(slots=True)
class ReadingLook:
    """What one account read on one day, in one place and for one reason; ``count`` times."""

    by: User | None
    place: str
    record: NamedTarget | None
    fields: str
    reason: str
    latest: dt.datetime
    count: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """The looks of a day, the latest first."""

    date: dt.date
    looks: list[ReadingLook]


def by_day(entries: Iterable[Entry]) -> list[Day]:
    """Return what these entries, the latest first, say of who looked."""
    found = list(entries)
    records = named(_course(entry) for entry in found)
    days = []
    for date, of_day in groupby(found, key=lambda entry: timezone.localdate(entry.at)):
        looks: dict[tuple[object, ...], ReadingLook] = {}
        for entry in of_day:
            look = _look(entry, records)
            alike = (entry.by_id, look.place, look.record, look.fields, look.reason)
            looks.setdefault(alike, look).count += 1
        days.append(Day(date, list(looks.values())))
    return days


def lately(person: Person) -> list[Day]:
    """Return who looked at a person within 30 days, the latest looks."""
    since = entries_between(timezone.now() - LATELY, None)
    return by_day(readings_of(f"person:{person.uid}", among=since)[:MAX_READINGS])


def _look(entry: Entry, records: dict[str, NamedTarget]) -> ReadingLook:
    where = _where(entry)
    kind = where.partition(":")[0] or entry.action.removeprefix("read.")
    names = [str(FIELDS.get(name, name)) for name in entry.details.get("fields", [])]
    return ReadingLook(
        by=entry.by,
        place=str(PLACES.get(kind, entry.action)),
        record=records.get(_course(entry)),
        fields=_(", ").join(names),
        reason=_reason(entry.details.get("reason", "")),
        latest=entry.at,
    )


def _where(entry: Entry) -> str:
    return str(entry.details.get("where", ""))


def _course(entry: Entry) -> str:
    """The course whose page or register it was, as targets name it; else empty."""
    kind, _colon, uid = _where(entry).partition(":")
    return f"course:{uid}" if kind in ("course", "register") else ""


def _reason(said: str) -> str:
    """A reason with the occasion that was chosen in words."""
    occasion, colon, text = said.partition(": ")
    known = dict(OCCASIONS)
    return f"{known[occasion]}: {text}" if colon and occasion in known else said

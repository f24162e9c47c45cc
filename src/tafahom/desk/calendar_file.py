"""Days of agreements as a file of RFC 5545, which calendar programmes read."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.conf import settings
from icalendar import Calendar, Event, vDuration, vText

from tafahom.desk.agenda import AgendaEvent as Day

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = dt.timedelta(hours=6)


def content_hash(days: Sequence[Day], addresses: Sequence[str]) -> str:
    """Return what changes exactly when the file says something else."""
    told = [(day.key, day.day.isoformat(), day.summary) for day in days]
    return hashlib.sha256(repr((told, list(addresses))).encode()).hexdigest()


def calendar_file(
    days: Sequence[Day], *, name: str, addresses: Sequence[str], stamp: dt.datetime
) -> bytes:
    """Return a calendar; ``addresses`` are those of the events' pages, or empty.

    ``stamp`` is when what it says last changed.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Tafahom//Tafahom//FA")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for day, address in zip(days, addresses, strict=True):
        calendar.add_component(_event(day, address, stamp))
    content: bytes = calendar.to_ical()
    return content


def _event(day: Day, address: str, stamp: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{day.key}@{settings.PROVINCE_CODE}.tafahom")
    event.add("dtstamp", stamp)
    event.add("dtstart", day.day)
    event.add("dtend", day.day + dt.timedelta(days=1))
    event.add("summary", day.summary)
    event.add("transp", "TRANSPARENT")
    if address:
        event.add("url", address)
    return event

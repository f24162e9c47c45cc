"""What a calendar programme is given for the secret address of somebody."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tafahom.desk.actions import stamp_feed
from tafahom.desk.agenda import AgendaEvent, agenda
from tafahom.desk.calendar_file import calendar_file, content_hash
from tafahom.desk.mail import whole_address
from tafahom.desk.models import CalendarFeed
from tafahom.identifiers.tokens import token_digest
from tafahom.records.pages import address

LANGUAGE = "fa"  # a programme that asks does not say which language its owner reads


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar says, what tells that from others, and when it came about."""

    days: list[AgendaEvent]
    tag: str
    changed_at: dt.datetime

    def content(self) -> bytes:
        """Return the file."""
        with translation.override(LANGUAGE):
            name = _("Agreements")
        addresses = _addresses(self.days)
        return calendar_file(self.days, name=name, addresses=addresses, stamp=self.changed_at)


def read_feed(token: str) -> Feed | None:
    """Return the calendar at an address; None where there is none, or its owner is gone."""
    feeds = CalendarFeed.objects.select_related("user")
    feed = feeds.filter(token_hash=token_digest(token), user__is_active=True).first()
    if feed is None:
        return None
    with translation.override(LANGUAGE):
        days = agenda(feed.user, today=timezone.localdate())
        tag = content_hash(days, _addresses(days))
    return Feed(days, tag, stamp_feed(feed, tag, now=timezone.now()))


def _addresses(days: list[AgendaEvent]) -> list[str]:
    return [whole_address(address("agreement", day.agreement.uid)) for day in days]

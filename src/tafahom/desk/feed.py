"""What a calendar programme is given for the secret address of somebody."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tafahom.desk.actions import stamp_feed
from tafahom.desk.agenda import agenda
from tafahom.desk.calendar_file import calendar_file, content_hash
from tafahom.desk.mail import page
from tafahom.desk.models import CalendarFeed
from tafahom.desk.rules import token_hash

LANGUAGE = "fa"  # a programme that asks does not say which language its owner reads


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar, what tells this state of it from others, and when that came about."""

    content: bytes
    tag: str
    changed_at: dt.datetime


def read_feed(token: str) -> Feed | None:
    """Return the calendar at an address; None where there is none, or its owner is gone."""
    feeds = CalendarFeed.objects.select_related("user")
    feed = feeds.filter(token_hash=token_hash(token), user__is_active=True).first()
    if feed is None:
        return None
    with translation.override(LANGUAGE):
        days = agenda(feed.user, today=timezone.localdate())
        addresses = [page("web:agreement_detail", day.agreement.uid) for day in days]
        tag = content_hash(days, addresses)
        changed_at = stamp_feed(feed, tag, now=timezone.now())
        name = _("Agreements")
        content = calendar_file(days, name=name, addresses=addresses, stamp=changed_at)
    return Feed(content, tag, changed_at)

"""Reads of what each person chose about their work list."""

from tafahom.access.models import User
from tafahom.desk.models import CalendarFeed, Digest


def digest_of(user: User) -> Digest | None:
    """Return how often someone gets the work list by e-mail; None before they chose."""
    return Digest.objects.filter(user=user).first()


def feed_of(user: User) -> CalendarFeed | None:
    """Return the calendar address of someone; None when they have none."""
    return CalendarFeed.objects.filter(user=user).first()

"""Arranging reminders, and sending them."""

import datetime as dt
import smtplib
from dataclasses import dataclass

from django.core.mail import get_connection
from django.db import transaction

from tafahom.access.models import User
from tafahom.audit.actions import record
from tafahom.desk.mail import compose
from tafahom.desk.models import CalendarFeed, Digest
from tafahom.desk.rules import Frequency, is_due
from tafahom.identifiers.tokens import new_token, token_digest


@transaction.atomic
def choose_digest(
    *, user: User, frequency: Frequency, email: str, language: str, by: User | None
) -> Digest:
    """Keep how often somebody is sent the work list."""
    digest, _made = Digest.objects.update_or_create(
        user=user, defaults={"frequency": frequency, "email": email, "language": language}
    )
    details = {"frequency": frequency.value}
    record(action="desk.digest_chosen", target=f"user:{user.pk}", details=details, by=by)
    return digest


@transaction.atomic
def make_feed(*, user: User, by: User | None) -> str:
    """Make somebody's calendar address, in place of one there was; return its secret part, once."""
    token = new_token()
    made = {"token_hash": token_digest(token), "content_hash": "", "changed_at": None}
    CalendarFeed.objects.filter(user=user).delete()
    CalendarFeed.objects.create(user=user, **made)
    record(action="desk.calendar_made", target=f"user:{user.pk}", by=by)
    return token


@transaction.atomic
def revoke_feed(*, user: User, by: User | None) -> bool:
    """Close somebody's calendar address; False when there was none."""
    deleted, _each = CalendarFeed.objects.filter(user=user).delete()
    if deleted:
        record(action="desk.calendar_revoked", target=f"user:{user.pk}", by=by)
    return bool(deleted)


def stamp_feed(feed: CalendarFeed, content_hash: str, *, now: dt.datetime) -> dt.datetime:
    """Return when what a calendar says last changed, keeping it when that is now."""
    if feed.changed_at is None or feed.content_hash != content_hash:
        feed.content_hash, feed.changed_at = content_hash, now.replace(microsecond=0)
        feed.save(update_fields=["content_hash", "changed_at"])
    return feed.changed_at


@dataclass(slots=True)
class DigestCounts:
    """What became of the digests of a day."""

    sent: int = 0
    empty: int = 0
    failed: int = 0


def send_digests(*, today: dt.date) -> DigestCounts:
    """Send the digests that are due. Safe to run twice, and at the same time.

    Raises OSError or SMTPException when the server of e-mail can not be reached; then nothing was
    sent and nothing is marked as sent.
    """
    told = DigestCounts()
    waiting = Digest.objects.exclude(frequency=Frequency.NONE).filter(user__is_active=True)
    due = [
        one
        for one in waiting.select_related("user").order_by("pk")
        if is_due(Frequency(one.frequency), last=one.last_on, today=today)
    ]
    if not due:
        return told
    connection = get_connection()
    connection.open()
    try:
        for digest in due:
            _send(digest, connection, told, today)
    finally:
        connection.close()
    return told


def send_trial(user: User, *, today: dt.date) -> bool:
    """Send somebody the work list now; False when there is nothing in it. Raises as above."""
    message = compose(Digest.objects.select_related("user").get(user=user), today=today)
    if message is None:
        return False
    message.send()
    return True


def _send(digest: Digest, connection: object, told: DigestCounts, today: dt.date) -> None:
    """Send one, having marked the day as seen to: of two that run at once only one sends."""
    before = digest.last_on
    mine = Digest.objects.filter(pk=digest.pk, last_on=before).update(last_on=today)
    if not mine:
        return
    message = compose(digest, today=today)
    if message is None:
        told.empty += 1
        return
    message.connection = connection
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused):
        # The server said no: it may be asked again.
        Digest.objects.filter(pk=digest.pk).update(last_on=before)
        _failed(digest, connection, told)
    except (OSError, smtplib.SMTPException):
        # Nobody knows whether it has left: better not today than twice.
        _failed(digest, connection, told)
    else:
        told.sent += 1
        record(action="desk.digest_sent", target=f"user:{digest.user_id}", by=None)


def _failed(digest: Digest, connection: object, told: DigestCounts) -> None:
    connection.close()  # type: ignore[attr-defined]  # the next one opens it again
    told.failed += 1
    record(action="desk.digest_failed", target=f"user:{digest.user_id}", by=None)

"""Reminders, in the background where a worker runs."""

from django_tasks import task

from tafahom.access.models import User
from tafahom.desk.actions import send_digests, send_trial
from tafahom.jalali import today


@task()
def digests() -> None:
    """Send all digests that are due today. Safe to run twice."""
    send_digests(today=today())


@task()
def trial(user_id: int) -> None:
    """Send one person the work list now, to see whether e-mail reaches them."""
    send_trial(User.objects.get(pk=user_id), today=today())

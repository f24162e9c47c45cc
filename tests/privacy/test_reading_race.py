"""Two pages of one account at the same moment: the second is counted after the first."""

import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import connection, transaction

from tafahom.access.models import User
from tafahom.audit import guards
from tafahom.audit.locking import lock_reader
from tafahom.privacy.actions.readings import SlowDownError, read_names
from tafahom.privacy.models import RecentReading
from tafahom.scoping import everything

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"
    ),
]


@pytest.fixture
def prison(year: SimpleNamespace, settings) -> Iterator[SimpleNamespace]:
    """A course that tells a status, and a limit that one page reaches."""
    settings.READING_FREE = [1, 1]
    type(year.one.agreement).objects.filter(pk=year.one.agreement.pk).update(reveals_status=True)
    year.reader = User.objects.create(username="reader")
    yield year
    guards.remove()  # the clean-up after the test puts them up again


def test_two_pages_at_once_do_not_pass_the_limit_together(prison: SimpleNamespace) -> None:
    over, slowed = threading.Event(), []

    def second() -> None:
        try:
            with everything("a thread begins with no scope"):
                read_names(person_ids=[prison.ali.pk], where="people", by=prison.reader)
        except SlowDownError as error:
            slowed.append(error.seconds)
        finally:
            connection.close()
            over.set()

    with transaction.atomic():
        read_names(person_ids=[prison.sara.pk], where="people", by=prison.reader)
        thread = threading.Thread(target=second)
        thread.start()
        assert not over.wait(0.5), "the second page did not wait for the first"
    thread.join(10)
    assert len(slowed) == 1
    assert RecentReading.objects.filter(shown_at__isnull=False).count() == 1


def test_pages_of_others_do_not_wait(prison: SimpleNamespace) -> None:
    other, over = User.objects.create(username="other"), threading.Event()

    def second() -> None:
        try:
            with transaction.atomic():
                lock_reader(other.pk)
        finally:
            connection.close()
            over.set()

    with transaction.atomic():
        lock_reader(prison.reader.pk)
        thread = threading.Thread(target=second)
        thread.start()
        assert over.wait(10)
    thread.join(10)

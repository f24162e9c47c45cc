"""Somebody writes while the month is being closed: it is in the closed month, or refused."""

import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from periods.conftest import ACCEPTED
from tafahom.exchange import closing
from tafahom.periods import actions, guards
from tafahom.periods.messages import refusal_in
from tafahom.periods.models import PeriodStep
from tafahom.scoping import everything
from tafahom.training.models import Enrolment

MONTH = 139702
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite has one writer at a time anyway"
    ),
]


@pytest.fixture
def begun(year: SimpleNamespace) -> Iterator[SimpleNamespace]:
    """A month that is being closed; afterwards the tables can be emptied again."""
    actions.begin_closing(province=year.world.province, month=MONTH, by=None)
    yield year
    guards.remove()  # the clean-up after the test puts them up again


def close(year: SimpleNamespace) -> None:
    closing.close(province=year.world.province, month=MONTH, accepted=ACCEPTED, by=None)


def write(year: SimpleNamespace) -> None:
    Enrolment.objects.filter(course=year.one).update(credited_minutes=60)


def at_the_same_time(first: Callable[[], None], second: Callable[[], None]) -> list[bool]:
    """Run both, the second while the first has not committed yet; whether each was refused."""
    has_acted, may_commit, over = threading.Event(), threading.Event(), threading.Event()
    refused = [False, False]

    def run(place: int, act: Callable[[], None]) -> None:
        try:
            with everything("a thread begins with no scope"), transaction.atomic():
                act()
        except DatabaseError as error:
            refused[place] = refusal_in(error) is not None
        finally:
            connection.close()

    def lead() -> None:
        first()
        has_acted.set()
        may_commit.wait(10)

    def follow() -> None:
        run(1, second)
        over.set()

    threads = [threading.Thread(target=run, args=(0, lead)), threading.Thread(target=follow)]
    threads[0].start()
    assert has_acted.wait(10)
    threads[1].start()
    assert not over.wait(0.5), "the second did not wait for the first"
    may_commit.set()
    for thread in threads:
        thread.join(10)
    return refused


def test_closing_waits_for_who_is_writing_and_counts_it(begun: SimpleNamespace) -> None:
    assert at_the_same_time(lambda: write(begun), lambda: close(begun)) == [False, False]
    figures = PeriodStep.objects.get(kind="closed").details["figures"]
    assert figures["person_minutes"] == 120


def test_who_writes_while_the_month_is_closed_is_refused(begun: SimpleNamespace) -> None:
    assert at_the_same_time(lambda: close(begun), lambda: write(begun)) == [False, True]
    assert set(Enrolment.objects.filter(course=begun.one).values_list("credited_minutes")) == {
        (600,),
        (630,),
    }

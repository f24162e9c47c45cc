"""Months that end up closed, and people who may close them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from figures.conftest import world, year
from tafahom.access.models import User
from tafahom.exchange import closing
from tafahom.parties.models import Province
from tafahom.periods import actions
from tafahom.periods.models import Period, Reopening

__all__ = ["world", "year"]

ACCEPTED = dict.fromkeys(
    ("courses.empty", "attendance.missing", "hours.none", "marks.one_missing", "rows.rejected"),
    "بررسی شد",
)


@pytest.fixture
def asker(db: None) -> User:
    return User.objects.create(username="asker")


@pytest.fixture
def approver(db: None) -> User:
    return User.objects.create(username="approver")


def shut(province: Province, month: int, *, by: User | None = None) -> Period:
    """Close a month, whatever is open in it."""
    actions.begin_closing(province=province, month=month, by=by)
    return closing.close(province=province, month=month, accepted=ACCEPTED, by=by)


@pytest.fixture
def reopen(asker: User, approver: User) -> Callable[[Period], Reopening]:
    """Return a function that has a closed month reopened by two persons, for a day."""

    def ask_and_approve(period: Period) -> Reopening:
        reopening = actions.ask_reopening(
            province=period.province,
            month=period.month,
            reason="نمره‌ها جا مانده است",
            until=timezone.now() + timedelta(days=1),
            by=asker,
        )
        return closing.approve_reopening(reopening, by=approver)

    return ask_and_approve

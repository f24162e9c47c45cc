"""A directorate in which one obligation is overdue, and people who may see it."""

import datetime as dt
from types import SimpleNamespace

import pytest

from figures.conftest import world, year
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.actions import oblige
from tafahom.agreements.models import Agreement, Side
from tafahom.jalali import today

__all__ = ["world", "year"]


@pytest.fixture
def desk(year: SimpleNamespace) -> SimpleNamespace:
    """Two obligations are overdue: one of the guild, one of the prisons; nothing else is."""
    day = today() - dt.timedelta(days=3)
    Agreement.objects.update(ends_on=today() + dt.timedelta(days=400))
    for agreement in Agreement.objects.all():
        agreement.commitments.all().delete()
    year.workshop = oblige(year.trade, side=Side.PARTNER, text="تأمین کارگاه", due_on=day, by=None)
    year.hall = oblige(year.national, side=Side.PARTNER, text="تحویل سالن", due_on=day, by=None)
    return year


@pytest.fixture
def officer(db: None) -> User:
    user = User.objects.create(username="officer")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER)
    return user


@pytest.fixture
def liaison(desk: SimpleNamespace) -> User:
    """Somebody of the guild: sees its agreements and no others."""
    user = User.objects.create(username="liaison")
    Membership.objects.create(user=user, role=Role.PARTNER_LIAISON, partner=desk.guild)
    return user

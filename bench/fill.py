"""Fills an installation, from inside it: a year of enrolments and somebody who may look at them."""

import hashlib

from django.conf import settings
from django.test import Client

from bench.year import rosters
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.figures import warehouse
from tafahom.training.rosters.actions import record_roster


def main(rows: str) -> None:
    """Record a year of that many enrolments and print the session key of an officer."""
    for name, entries in rosters(int(rows)):
        digest = hashlib.sha256(name.encode()).hexdigest()
        record_roster(
            entries, sha256=digest, file_name=name, rows=len(entries), rejected=0, by=None
        )
    warehouse.refresh()
    user, _ = User.objects.get_or_create(username="bench")
    Membership.objects.get_or_create(user=user, role=Role.AGREEMENTS_OFFICER)
    client = Client()
    client.force_login(user)
    print(client.cookies[settings.SESSION_COOKIE_NAME].value)

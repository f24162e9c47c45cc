"""Makes the people of an office, from inside an installation that holds a year, and their ways."""

import json

from django.conf import settings
from django.test import Client

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.training.models import Course

ROLES = (
    *[Role.AGREEMENTS_OFFICER] * 20,
    *[Role.PLANNER] * 12,
    *[Role.PUBLIC_RELATIONS] * 10,
    *[Role.DIRECTOR] * 8,
)


def main() -> None:
    """Print, in JSON, each person's role and session key, and external ids to look at."""
    people = []
    for number, role in enumerate(ROLES):
        user = User.objects.create(username=f"bench{number}")
        Membership.objects.create(user=user, role=role)
        client = Client()
        client.force_login(user)
        people.append((role.value, client.cookies[settings.SESSION_COOKIE_NAME].value))
    print(
        json.dumps(
            {
                "people": people,
                "agreements": list(Agreement.objects.values_list("uid", flat=True)[:26]),
                "courses": list(Course.objects.order_by("pk").values_list("uid", flat=True)[:200]),
            }
        )
    )

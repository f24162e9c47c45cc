"""Every address that takes POST, as everybody who may: no figure of a closed month moves.

What is sent are the forms that pages show, as they stand, filled in and changed, and the same
without any page. What the answer is does not matter, as long as it is no fault.
"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from django.test import Client
from pytest_django.fixtures import Settings

from periods import seals
from periods.office import CLOSED, add_requests, add_uploads, open_office, provinces
from periods.presses import PRESSES
from periods.walk import (
    WRITERS,
    Shown,
    addresses,
    all_variants,
    answered,
    forms_of_role,
    log_in,
    may,
    names_posted_to,
    rows,
    writers,
)
from tafahom.access.rules import Role
from web.directorate import Directorate
from web.page_forms import Sent

pytestmark = pytest.mark.django_db
FormsOfRoles = dict[Role, dict[str, list[Shown]]]


class Post(NamedTuple):
    """One form that somebody sends."""

    name: str
    role: Role
    address: str
    data: Sent


@dataclass
class Walk:
    """Sends forms in the browsers of those who write."""

    clients: dict[Role, Client]
    watch: seals.Watch
    # The names of addresses that refused something, because a month is closed or else.
    refused: set[str] = field(default_factory=set)

    def send(self, post: Post) -> None:
        """Send a form, and again what agrees to the preview it was answered with."""
        response = self._send(post)
        if response is not None and (agreed := answered(post.address, response)):
            self._send(Post(post.name, post.role, *agreed))

    def _send(self, post: Post) -> Any:
        client = copy.copy(self.clients[post.role])
        client.cookies = copy.deepcopy(client.cookies)  # some answers take them away
        for value in post.data.values():
            if hasattr(value, "seek"):  # a file is sent several times
                value.seek(0)
        send = partial(client.post, post.address, post.data)
        response = self.watch.over(post.name, post, send)
        if response is not None and response.status_code >= 500:
            self.watch.wrong.append(f"{post}: {response.status_code}")
        if response is not None and response.status_code == 409:
            self.refused.add(post.name)
        return response


def posts(shown: FormsOfRoles, office: Directorate) -> Iterator[Post]:
    """Give all that is sent: forms with all that may be changed in them, by whom finds them first.

    Everybody else sends them as they stand; what no page shows is sent by who may.
    """
    for name, press in PRESSES.items():
        is_first = True
        for role in WRITERS:
            forms = shown[role].get(name, [])
            sent = all_variants(forms, press.ways) if is_first else as_they_stand(forms)
            yield from (Post(name, role, *one) for one in sent)
            is_first = is_first and not forms
        for row in rows(name):
            able = next((role for role in WRITERS if may(role, row.post)), None)
            for address in addresses(name, row, office) if able else ():
                yield from (Post(name, able, address, dict(data)) for data in press.ways)


def as_they_stand(forms: list[Shown]) -> Iterator[tuple[str, Sent]]:
    for one in forms:
        yield one.address, one.form.data()


@pytest.fixture
def office(db: None, settings: Settings, tmp_path: Path) -> Directorate:
    settings.PROVINCE_CODE = "test"
    settings.NAMES_DAYS = [7, 100_000]  # registers of long ago are open
    return open_office(tmp_path)


def test_every_address_that_takes_a_post_is_walked() -> None:
    assert set(PRESSES) == set(names_posted_to())


def test_no_page_moves_a_figure_of_a_closed_month(office: Directorate) -> None:
    people = writers(office)
    add_uploads(office, by=people[Role.AGREEMENTS_OFFICER])
    add_requests(office, by=people[Role.AGREEMENTS_OFFICER])
    before = seals.tables()
    clients = {role: log_in(user) for role, user in people.items()}
    shown = {role: forms_of_role(role, client, office) for role, client in clients.items()}
    found = {name for forms in shown.values() for name in forms}
    assert found == {name for name, press in PRESSES.items() if not press.formless}
    watch = seals.Watch(CLOSED, *provinces())
    walk = Walk(clients, watch)
    for post in posts(shown, office):
        with transaction.atomic():
            walk.send(post)
            transaction.set_rollback(True)
    assert not watch.wrong, "\n".join(watch.wrong)
    idle = {name for name, one in PRESSES.items() if one.must_write} - watch.wrote
    assert not idle, idle
    assert {"attendance_restore", "agreement_edit"} <= walk.refused
    assert seals.tables() == before
    assert not seals.moved()

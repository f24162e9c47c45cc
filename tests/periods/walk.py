"""A directorate some months of which are closed, and who walks its pages and writes."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.test import Client
from django.urls import Resolver404, resolve, reverse

from attacks.walking import routes
from periods.office import ASKED, BEGUN, CLOSED, CORRECTED, OPEN
from tafahom.access.models import Membership, User
from tafahom.access.rules import PERMISSIONS, Act, Part, Role
from web.directorate import Directorate
from web.matrix import MATRIX, Row
from web.page_forms import Form, Sent, forms_of

NAMES = {name: full for full, name, _parameters in routes()}
# Who writes: the officer first, who may do most.
WRITERS = (
    Role.AGREEMENTS_OFFICER,
    Role.DIRECTOR,
    Role.HEADQUARTERS,
    Role.CENTRE_CLERK,
    Role.INSTRUCTOR,
    Role.PLANNER,
    Role.ADMINISTRATOR,
)
# Of records that figures are of: one of a closed month, one of an open month, and in other states.
VARIANTS = ("own", "other_course", "other_agreement", "other_partner")
COUNTED = {
    "agreement", "course", "load", "partner", "person", "renewing", "reopening",
    "retention_request", "roster_import", "staged",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A form on a page: the name of where it is sent, the address, and what it holds."""

    name: str
    address: str
    form: Form


def rows(name: str) -> tuple[Row, ...]:
    """Return what the matrix says of an address."""
    found = MATRIX[name]
    return found if isinstance(found, tuple) else (found,)


def names_posted_to() -> list[str]:
    """Return the names of all addresses that take POST."""
    return [name for name in MATRIX if any(row.post for row in rows(name))]


def writers(directorate: Directorate) -> dict[Role, User]:
    """Return an account of each role that writes; who must be confined serves our own part."""
    parts: dict[Role, dict[str, Any]] = {
        Role.CENTRE_CLERK: {"province_id": directorate.own[Part.PROVINCE]},
        Role.INSTRUCTOR: {"centre_id": directorate.own[Part.CENTRE]},
    }
    found = {}
    for role in WRITERS:
        found[role] = User.objects.create(username=f"writer-{role.value}")
        Membership.objects.create(user=found[role], role=role, **parts.get(role, {}))
    return found


def log_in(user: User) -> Client:
    """Return the browser of somebody."""
    client = Client()
    client.force_login(user)
    return client


def may(role: Role, demand: Act | str | None) -> bool:
    """Whether a role opens what the matrix demands; what is open to all is the officer's here."""
    if isinstance(demand, Act):
        return role in PERMISSIONS[demand]
    return demand is not None and role == WRITERS[0]


def addresses(
    name: str, row: Row, directorate: Directorate, variants: Sequence[str] = VARIANTS
) -> Iterator[str]:
    """Give the address of each record that the walk looks at; of months, of one in each state."""
    if row.of == "province":
        code = directorate.records["province"]["own"].code
        for month in (CLOSED, OPEN, BEGUN, CORRECTED, ASKED):
            yield reverse(NAMES[name], args=[code, month])
    records = directorate.records.get(row.of, {"own": None})
    for variant in variants if row.of in COUNTED else VARIANTS[:1]:
        if variant in records:
            is_bare = not row.of and row.args.__name__ == "_uid"
            arguments = () if is_bare else row.args(records[variant])
            yield reverse(NAMES[name], args=arguments)


def forms_at(client: Client, address: str) -> Iterator[Shown]:
    """Give the forms of a page, each with the name of where it is sent."""
    response = client.get(address)
    if response.status_code != 200 or "html" not in response.headers.get("Content-Type", ""):
        return
    for form in forms_of(response.content.decode()):
        target = form.action or address
        try:
            name = resolve(target.partition("?")[0]).url_name
        except Resolver404:
            continue
        assert name is not None
        yield Shown(name, target, form)


def forms_of_role(role: Role, client: Client, directorate: Directorate) -> dict[str, list[Shown]]:
    """Return the forms that somebody in a role finds on all pages, by where they are sent.

    The officer looks at the records of all variants, others at one of a closed month and of an
    open one.
    """
    variants = VARIANTS if role == WRITERS[0] else VARIANTS[:2]
    found: dict[str, dict[tuple[str, str], Shown]] = defaultdict(dict)
    for name in MATRIX:
        for row in rows(name):
            for address in (
                addresses(name, row, directorate, variants) if may(role, row.get) else ()
            ):
                for shown in forms_at(client, address):
                    said = shown.form.data({"next": None})  # the page it leads back to
                    found[shown.name].setdefault((shown.address, str(said)), shown)
    return {name: list(shown.values()) for name, shown in found.items()}


def answered(address: str, response: Any) -> tuple[str, Sent] | None:
    """Return what is sent to agree to what a page shows before it writes; None if nothing."""
    if response.status_code not in (200, 409, 422) or not response.content:
        return None
    for form in forms_of(response.content.decode()):
        if any(one.name == "confirmed" and one.value for one in form.fields):
            return form.action or address, form.data()
    return None


def all_variants(shown: list[Shown], ways: Sequence[Any]) -> Iterator[tuple[str, Sent]]:
    """Give everything that is sent from forms, once each.

    As they stand, filled in in each way with each button, and with each field changed.
    """
    seen = set()
    for address, form in ((one.address, one.form) for one in shown):
        sent = chain([form.data()], *map(form.pressed, ways), form.changed(ways[0]))
        for data in sent:
            key = address, str(sorted(data.items(), key=str))
            if key not in seen:
                seen.add(key)
                yield address, data

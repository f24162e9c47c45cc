"""What an entry of the audit says besides who, what and when, in words."""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ObjectDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tafahom.access.accounts import credentials
from tafahom.access.models import FIELDS, Membership, RoleName
from tafahom.access.rules import Part
from tafahom.web.accounts.places import with_places

LABELS: Final[dict[str, str | Promise]] = {
    "role": _("Role of an account"),
    "part": _("Where"),
    "reason": _("Reason"),
    "request": _("Request"),
    "invitation": _("Invitation"),
    "file": _("File"),
    "rows": _("Rows"),
    "left": _("Recovery codes left"),
    credentials.PASSWORD: _("Mark of the password"),
    credentials.SECOND_STEP: _("Mark of the second step"),
}
_VALUES: Final[dict[str, Mapping[str, str | Promise]]] = {
    "role": dict(RoleName.choices),
    "part": {
        Part.PROVINCE: _("Province"),
        Part.CENTRE: _("Centre"),
        Part.PARTNER: _("Partner"),
        Part.AGREEMENT: _("Agreement"),
        Part.COURSE: _("Course"),
    },
}


def in_words(details: Mapping[str, Any]) -> list[tuple[str | Promise, Any]]:
    """Return names and values of an entry's details; what says nothing is left out."""
    said = _with_place(details)
    return [
        (LABELS.get(name, name), _VALUES.get(name, {}).get(str(value), value))
        for name, value in said.items()
        if value is not None and value != ""
    ]


def _with_place(details: Mapping[str, Any]) -> dict[str, Any]:
    """Return details with the name of the place of a role instead of its kind and key.

    As they are where there is no such place: SQL can write any entry.
    """
    said = dict(details)
    try:
        part = Part(said["part"])
        field: Any = Membership._meta.get_field(FIELDS[part])
        [(_role, name)] = with_places([Membership(**{field.attname: said["of"]})])
    except (KeyError, ValueError, TypeError, ObjectDoesNotExist):
        return said
    del said["of"]
    return said | {"part": f"{_VALUES['part'][part]}: {name}"}

"""The places a person may go, in the order of the menu."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.gate.permissions import holds


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    label: str | Promise
    url: str
    is_current: bool


# Address, label and the act that opens it.
_PLACES: list[tuple[str, Promise, Act]] = [
    ("web:home", _("Home"), Act.SEE_FIGURES),
    ("web:attention", _("Needs you"), Act.SEE_WORK_LIST),
    ("web:report", _("Reports"), Act.SEE_FIGURES),
    ("web:imports", _("Rosters"), Act.IMPORT_ROSTERS),
    ("web:agreements", _("Agreements"), Act.SEE_REGISTERS),
    ("web:proposals", _("Proposals"), Act.TRIAGE_PROPOSALS),
    ("web:templates", _("Templates of agreements"), Act.MANAGE_TEMPLATES),
    ("web:partners", _("Partners"), Act.SEE_REGISTERS),
    ("web:courses", _("Courses"), Act.SEE_REGISTERS),
    ("web:people", _("People"), Act.SEE_PEOPLE),
    ("web:periods", _("Closed months"), Act.SEE_PERIODS),
    ("web:exports", _("Files of personal data"), Act.SEE_EXPORTS),
    ("web:retention", _("How long names are kept"), Act.SEE_RETENTION),
    ("web:press", _("Press release"), Act.WRITE_PRESS_RELEASE),
    ("web:accounts", _("Accounts"), Act.MANAGE_ACCOUNTS),
    ("web:access_requests", _("Access to confirm"), Act.CONFIRM_ACCOUNTS),
    ("web:audit", _("Record of acts"), Act.SEE_AUDIT),
]


def menu(request: HttpRequest) -> list[Item]:
    """Return the menu of who asks; nothing for strangers."""
    if not request.user.is_authenticated:
        return []
    items = []
    for name, label, act in _PLACES:
        if not holds(request, act):
            continue
        try:
            url = reverse(name)
        except NoReverseMatch:  # the pages of a part that is not installed
            continue
        items.append(Item(label, url, _is_at(request.path, url)))
    return items


def first_place(request: HttpRequest) -> str | None:
    """Return where to go when the home page is closed to who asks; None when nothing is open."""
    items = menu(request)
    return items[0].url if items else None


def _is_at(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)

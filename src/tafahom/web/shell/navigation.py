"""The places a person may go, in the order of the menu. Each wing adds its own."""

from bisect import insort
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from tafahom.gate.permissions import holds


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu."""

    label: str | Promise
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True, order=True)
class MenuEntry:
    """A page of the menu: its place in it, its name, and the act that opens it."""

    position: int
    page: str
    label: Promise
    act: str


_ENTRIES: list[MenuEntry] = []


def add_place(page: str, label: Promise, act: str, *, position: int) -> None:
    """Put a page into the menu; those with a higher position come below.

    Raises ValueError when another page has the position.
    """
    entry = MenuEntry(position, page, label, act)
    if any(one.position == position and one != entry for one in _ENTRIES):
        raise ValueError(f"another page is at {position} of the menu")
    if entry not in _ENTRIES:
        insort(_ENTRIES, entry)


def menu(request: HttpRequest) -> list[Item]:
    """Return the menu of who asks; nothing for strangers."""
    if not request.user.is_authenticated:
        return []
    items = []
    for entry in _ENTRIES:
        if holds(request, entry.act):
            url = reverse(entry.page)
            items.append(Item(entry.label, url, _is_at(request.path, url)))
    return items


def first_place(request: HttpRequest) -> str | None:
    """Return where to go when the home page is closed to who asks; None when nothing is open."""
    items = menu(request)
    return items[0].url if items else None


def _is_at(path: str, url: str) -> bool:
    return path == url if url == "/" else path.startswith(url)

"""The records that acts were done to, by name, with the address of their pages."""

from collections.abc import Iterable
from dataclasses import dataclass

from tafahom.records import names_of
from tafahom.records.pages import address


@dataclass(frozen=True, slots=True)
class NamedTarget:
    """What a record is called, and where its page is; no address where it has none."""

    name: str
    address: str


def named(targets: Iterable[str]) -> dict[str, NamedTarget]:
    """Return the records of targets ("course:…") that are still there, one query for each kind."""
    return {
        target: NamedTarget(name, address(*target.split(":", 1)))
        for target, name in names_of(targets).items()
    }

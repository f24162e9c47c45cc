"""Which guards there should be. Modules that put some up say so when their app is loaded."""

from collections.abc import Callable, Iterable
from typing import TypeAlias

from tafahom.audit.catalogue.objects import Bound, Function, Policy, Text, Trigger

WantedObject: TypeAlias = Function | Trigger | Text | Policy | Bound
# Asked with the kind of database ("sqlite", "postgresql"); answers with the guards of one module.
Source: TypeAlias = Callable[[str], Iterable[WantedObject]]

_SOURCES: dict[str, Source] = {}


def expect(source: Source) -> None:
    """Let these guards be looked for by every check."""
    _SOURCES[source.__module__] = source


def wanted(vendor: str) -> list[WantedObject]:
    """Return all guards that a database of this kind should have."""
    return [guard for source in _SOURCES.values() for guard in source(vendor)]

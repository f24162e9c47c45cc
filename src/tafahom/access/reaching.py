"""What who serves a partner reaches besides its own: floors above say which records those are."""

from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeAlias

ReachReader: TypeAlias = Callable[[Collection[int]], Mapping[int, Collection[str]]]
_READERS: Final[list[ReachReader]] = []


def reach_also(reader: ReachReader) -> None:
    """Let who serves a partner reach agreements that are not its own.

    ``reader`` gives their external ids by the ids of partners. Once is enough.
    """
    if reader not in _READERS:
        _READERS.append(reader)


def reached_also(partners: Collection[int]) -> dict[int | None, frozenset[str]]:
    """Return the external ids of agreements that are reached besides, for each of some partners."""
    found: dict[int | None, frozenset[str]] = dict.fromkeys(partners, frozenset())
    for reader in _READERS if partners else ():
        for partner, uids in reader(partners).items():
            found[partner] |= frozenset(uids)
    return found

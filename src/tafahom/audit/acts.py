"""What acts are called, in sentences: the app that records an act describes it."""

from collections.abc import Mapping

from django.utils.functional import Promise

# Read after the name of who did it: "Sara Karimi — moved the agreement on in its life".
_ACTS: dict[str, Promise] = {}
_OF_ACCOUNTS: set[str] = set()


def describe_acts(acts: Mapping[str, Promise], *, of_accounts: bool = False) -> None:
    """Say what acts are, by code ("training.roster_recorded").

    A code that ends in a full stop or underscore stands for all that begin so. Acts ``of_accounts``
    are those that who manages accounts may read. Raises ValueError for an act that is described.
    """
    if again := _ACTS.keys() & acts.keys():
        raise ValueError(f"described already: {sorted(again)}")
    _ACTS.update(acts)
    if of_accounts:
        _OF_ACCOUNTS.update(f"{code.partition('.')[0]}." for code in acts)


def described_acts() -> Mapping[str, Promise]:
    """Return what each act is, by code."""
    return _ACTS


def acts_of_accounts() -> list[str]:
    """Return how the codes of acts with accounts, keys and backups begin."""
    return sorted(_OF_ACCOUNTS)


def sentence(action: str) -> str:
    """Return an act in words; of a kind of acts when the very act has none of its own."""
    if action in _ACTS:
        return str(_ACTS[action])
    kinds = [kind for kind in _ACTS if kind.endswith((".", "_")) and action.startswith(kind)]
    return str(_ACTS[max(kinds, key=len)]) if kinds else action

"""Somebody who can do what the triggers refuse."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from tafahom.audit import guards

Unguarded = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def unguarded() -> Unguarded:
    """Return a context without the triggers, as for the owner of the tables."""

    @contextmanager
    def enter() -> Iterator[None]:
        guards.remove()
        try:
            yield
        finally:
            guards.after_migrations()

    return enter

"""A pooler that gives one session to several connections is noticed, and production refuses it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from scoping.service import postgresql_only
from tafahom.operations.health import CHECKS
from tafahom.operations.production import unfit
from tafahom.scoping.pooling import Pooling, pooling

pytestmark = [pytest.mark.django_db, postgresql_only]


@pytest.fixture
def sessions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseDatabaseWrapper]]:
    """Two sessions of the server, which no connection of ours ends, as behind a pooler."""
    made = [connection.copy(), connection.copy()]
    ends = [one.close for one in made]
    for one in made:
        monkeypatch.setattr(one, "close", lambda: None)
    yield made
    for end in ends:
        end()


def behind(monkeypatch: pytest.MonkeyPatch, *given: Any) -> None:
    """Let connections get these sessions, in this order, again and again."""
    turns = iter(given * 9)
    monkeypatch.setattr(type(connections["default"]), "copy", lambda *_args: next(turns))


def test_without_a_pooler_each_connection_has_its_own() -> None:
    assert pooling() is None


def test_each_with_its_own_session_is_nothing_to_say(
    sessions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    third = connection.copy()
    behind(monkeypatch, *sessions, third)
    assert pooling() is None
    third.close()


def test_sessions_shared_as_in_transaction_mode(
    sessions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    behind(monkeypatch, sessions[0])
    assert pooling() is Pooling.SHARED
    [level, text] = next(iter(CHECKS["wall"]()))
    assert (level, "pool_mode" in text) == ("failed", True)
    assert any("pool_mode" in one for one in unfit())


def test_sessions_handed_on_as_they_were_left(
    sessions: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sessions
    behind(monkeypatch, first, second, first)
    assert pooling() is Pooling.KEPT
    assert any("DISCARD ALL" in one for one in unfit())

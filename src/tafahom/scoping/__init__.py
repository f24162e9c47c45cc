"""What may be seen now: every query of a scoped table is cut to it, and none runs without it.

A scope is entered for a stretch of work: by a page for who asks, by a command or a background
task for the whole installation. Inside it the ``objects`` of a scoped model hold what lies in
the scope and nothing else, so that what one may not see is not found. Outside any scope a query
of a scoped model raises: an oversight shows at once and shows nothing else.

Going from a row that was found to the row it refers to (``enrolment.course``) is not cut again.

A scope also says whether its asker may learn why people are in it (``Scope.sees_statuses``).
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from django.db import models
from django.db.models import Q, QuerySet

M = TypeVar("M", bound=models.Model)

__all__ = [
    "EVERYTHING",
    "EVERYTHING_TEXT",
    "NOTHING",
    "PARTS",
    "Scope",
    "ScopePaths",
    "ScopedManager",
    "UnscopedQueryError",
    "current_scope",
    "everything",
    "guarded",
    "no_scope",
    "scope_or_none",
    "scoped_to",
]


class UnscopedQueryError(RuntimeError):
    """A scoped table was asked with no scope entered: the code at fault forgot whom it serves."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Parts of the installation that widen each other.

    Provinces, centres and partners by id, agreements and courses by their external id. A row is
    in the scope when one of its paths leads to one of them (see ``ScopePaths``).

    ``sees_statuses`` says whether who asks may learn, of all that the scope holds, that somebody
    is a prisoner, a refugee …: figures are guarded for whom it is not said. It moves no row.
    """

    is_everything: bool = False
    sees_statuses: bool = False
    provinces: frozenset[int] = frozenset()
    centres: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    agreements: frozenset[str] = frozenset()
    courses: frozenset[str] = frozenset()

    def __or__(self, other: "Scope") -> "Scope":
        """Return both together; statuses are seen in it where each of the two says so."""
        sees = self.sees_statuses and other.sees_statuses
        if self.is_everything or other.is_everything:
            return Scope(is_everything=True, sees_statuses=sees)
        parts = {part: getattr(self, part) | getattr(other, part) for part in PARTS}
        return Scope(sees_statuses=sees, **parts)

    def covers(self, other: "Scope") -> bool:
        """Whether all of the other is named here too; a centre is not looked for in its province.

        Only places are compared, not what may be learned there.
        """
        if self.is_everything or other.is_everything:
            return self.is_everything
        return all(getattr(self, part) >= getattr(other, part) for part in PARTS)

    @property
    def is_nothing(self) -> bool:
        return not self.is_everything and not any(getattr(self, part) for part in PARTS)

    @property
    def as_text(self) -> str:
        """The rows in words that are the same for the same rows: "everything", or JSON by part.

        The database cuts tables by it, so what else a scope says is not in it.
        """
        if self.is_everything:
            return EVERYTHING_TEXT
        return json.dumps({part: sorted(getattr(self, part)) for part in PARTS})


_NO_PARTS = frozenset({"is_everything", "sees_statuses"})
PARTS = tuple(field.name for field in fields(Scope) if field.name not in _NO_PARTS)
EVERYTHING_TEXT = "everything"
EVERYTHING = Scope(is_everything=True)
NOTHING = Scope()

_current: ContextVar[Scope | None] = ContextVar("scope", default=None)


def scope_or_none() -> Scope | None:
    """Return the scope that was entered; None outside any."""
    return _current.get()


def current_scope() -> Scope:
    """Return the scope that was entered. Raises UnscopedQueryError when none was."""
    scope = _current.get()
    if scope is None:
        raise UnscopedQueryError("No scope was entered: see tafahom.scoping.")
    return scope


@contextmanager
def scoped_to(scope: Scope) -> Iterator[Scope]:
    """Let what runs inside see this scope and nothing else."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


@contextmanager
def everything(reason: str) -> Iterator[None]:
    """Let what runs inside see the whole installation; ``reason`` says to the reader why it must.

    It sees statuses: this is internal work, or a command of who has the whole database.
    """
    assert reason
    with scoped_to(replace(EVERYTHING, sees_statuses=True)):
        yield


@contextmanager
def guarded() -> Iterator[Scope]:
    """Let what runs inside see the same rows and no statuses: it is for who may not learn them."""
    with scoped_to(replace(current_scope(), sees_statuses=False)) as scope:
        yield scope


@contextmanager
def no_scope() -> Iterator[None]:
    """Forget the scope: a request begins with none, whoever runs the server."""
    token = _current.set(None)
    try:
        yield
    finally:
        _current.reset(token)


class Paths(ABC):
    """By what look-up paths a model's rows lie in a scope; a part without a path holds no row."""

    @abstractmethod
    def path_to(self, part: str) -> str:
        """Return the path from a row to a part of ``PARTS``; empty where there is none."""

    @abstractmethod
    def is_many(self, part: str) -> bool:
        """Whether the path to a part leads through several rows."""

    def under(self, path: str, *, many: bool = False) -> "PathsUnder":
        """Return the paths of a model that hangs on one with these, by ``path``."""
        return PathsUnder(self, path, many)

    def rows_in(self, scope: Scope, model: type[models.Model]) -> Q:
        """Return the condition of the rows that lie in a scope."""
        found = Q(pk__in=[])
        for part in PARTS:
            path, wanted = self.path_to(part), getattr(scope, part)
            if not path or not wanted:
                continue
            condition = Q(**{f"{path}__in": sorted(wanted)})
            if self.is_many(part):
                condition = Q(pk__in=model._base_manager.filter(condition).values("pk"))
            found |= condition
        return found


class ScopePaths(Paths):
    """The paths of a model, by part.

    ``many`` says that a path leads through several rows (from a person to its enrolments), which
    then are asked for in a subquery, so that no row is found twice.

    A model knows the paths over its own floor and those below. What leads over an upper floor
    (from a partner over its agreements) is added by that floor when it is loaded (``widen``).
    """

    def __init__(self, *, many: Collection[str] = (), **paths: str) -> None:
        self._paths: dict[str, str] = {}
        self._many: frozenset[str] = frozenset()
        self.widen(many=many, **paths)

    def widen(self, *, many: Collection[str] = (), **paths: str) -> None:
        """Add paths to parts that had none. Raises ValueError for one that is there otherwise."""
        for part, path in paths.items():
            if part not in PARTS or self._paths.setdefault(part, path) != path:
                raise ValueError(f"{path} is no new way to {part}")
        self._many |= frozenset(many)

    def path_to(self, part: str) -> str:
        """Return the path from a row to a part of ``PARTS``; empty where there is none."""
        return self._paths.get(part, "")

    def is_many(self, part: str) -> bool:
        """Whether the path to a part leads through several rows."""
        return part in self._many


@dataclass(frozen=True, slots=True)
class PathsUnder(Paths):
    """The paths of a model that hangs on another, whatever those come to be.

    ``many`` says that several rows of the other may hang on one of these.
    """

    other: Paths
    path: str
    many: bool

    def path_to(self, part: str) -> str:
        """Return the path from a row to a part of ``PARTS``; empty where there is none."""
        further = self.other.path_to(part)
        return f"{self.path}__{further}" if further else ""

    def is_many(self, part: str) -> bool:
        """Whether the path to a part leads through several rows."""
        return self.many or self.other.is_many(part)


class ScopedManager(models.Manager[M]):
    """The rows in the present scope. Its model says ``scope_paths``."""

    def get_queryset(self) -> QuerySet[M]:
        """Return the rows of the scope. Raises UnscopedQueryError outside any."""
        found = super().get_queryset()
        scope = current_scope()
        if scope.is_everything:
            return found
        model: Any = self.model
        return found.filter(model.scope_paths.rows_in(scope, model))

    def none(self) -> QuerySet[M]:
        """Return no rows; forms are declared with that before anybody asks."""
        return super().get_queryset().none()

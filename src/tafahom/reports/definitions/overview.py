"""A period at a glance, and keeping what is made of them until the facts change."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar
from zlib import crc32

from django.core.cache import caches

from tafahom.figures import warehouse
from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import figures, latest_period, years
from tafahom.figures.tables import FigureQuery, FigureRow
from tafahom.jalali import MonthSpan
from tafahom.scoping import current_scope
from tafahom.training.courses.queries import has_changed_courses

T = TypeVar("T")

# New names of partners and centres show after this long; new figures show at once.
KEEP_SECONDS = 60
BREAKDOWNS = ("month", "partner", "cluster", "centre_type")


@dataclass(frozen=True, slots=True)
class Overview:
    """A period at a glance: the total, compared with last year, and rows by some dimensions.

    The other dimensions are ``refused`` to who asks.
    """

    period: MonthSpan
    total: FigureRow
    by: dict[str, list[FigureRow]]
    refused: frozenset[str]


@dataclass(frozen=True, slots=True)
class Covered:
    """Which years have figures, latest first, and the latest period; None when there are none."""

    latest: MonthSpan | None
    years: list[int]


class FigureCache:
    """What was made from the facts as they are now, for one request and those who see as much.

    While changes wait to become facts nothing is taken from before: making one brings the facts
    up to date first. What facts changed under while it was made is used once and not kept.
    """

    def __init__(self) -> None:
        if has_changed_courses():
            warehouse.refresh()
        self._stamp = _stamp()
        scope = current_scope()
        seen = f"{scope.as_text} {scope.sees_statuses}"
        self._scope = sha256(seen.encode()).hexdigest()

    def get(self, name: str, make: Callable[[], T]) -> T:
        """Return what is kept under a name, or else make it."""
        key = f"{name}:{self._scope}:{self._stamp}"
        cache = caches["pages"]
        found: T | None = cache.get(key)
        if found is not None:
            return found
        made = make()
        if _stamp() == self._stamp:
            cache.set(key, made, KEEP_SECONDS)
        return made


def covered() -> Covered:
    """Return what the figures cover."""
    return Covered(latest_period(), years())


def overview(period: MonthSpan) -> Overview:
    """Return the figures of a period."""

    def ask(*by: str, compare: bool = False) -> FigureQuery:
        return FigureQuery(
            year=period.year,
            from_month=period.from_month,
            through_month=period.through_month,
            by=by,
            compare_last_year=compare,
        )

    rows: dict[str, list[FigureRow]] = {}
    for name in BREAKDOWNS:
        try:
            rows[name] = figures(ask(name)).rows
        except NotOfferedError:
            continue
    total = figures(ask(compare=True)).total
    return Overview(period, total, rows, frozenset(BREAKDOWNS) - rows.keys())


def _stamp() -> str:
    """Return what tells the facts on disk from older ones and from another installation's."""
    manifest = warehouse.folder() / "manifest.json"
    changed = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    return f"{crc32(str(manifest).encode())}:{changed}"

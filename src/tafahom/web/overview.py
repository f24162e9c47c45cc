"""The figures of the home page, kept until the facts change."""

from dataclasses import dataclass
from zlib import crc32

from django.core.cache import cache

from tafahom.figures import warehouse
from tafahom.figures.queries import FigureQuery, FigureRow, figures
from tafahom.jalali import Period
from tafahom.training.models import ChangedCourse

# New names of partners and centres show after this long; new figures show at once.
KEEP_SECONDS = 60
BREAKDOWNS = ("month", "partner", "cluster", "centre_type")


@dataclass(frozen=True, slots=True)
class Overview:
    """A period at a glance: the total, compared with last year, and rows by some dimensions."""

    period: Period
    total: FigureRow
    by: dict[str, list[FigureRow]]


def overview(period: Period) -> Overview:
    """Return the figures of a period, from the cache while nothing has changed."""
    key = _key(period)
    found: Overview | None = cache.get(key) if key else None
    if found is None:
        found = _measured(period)
        cache.set(_key(period) or "overview", found, KEEP_SECONDS)
    return found


def _key(period: Period) -> str:
    """Return a name for the facts as they are now; empty while changes wait to become facts."""
    if ChangedCourse.objects.exists():
        return ""
    manifest = warehouse.folder() / "manifest.json"
    stamp = manifest.stat().st_mtime_ns if manifest.is_file() else 0
    months = f"{period.year}-{period.from_month}-{period.through_month}"
    return f"overview:{crc32(str(manifest).encode())}:{stamp}:{months}"


def _measured(period: Period) -> Overview:
    def ask(*by: str, compare: bool = False) -> FigureQuery:
        return FigureQuery(
            year=period.year,
            from_month=period.from_month,
            through_month=period.through_month,
            by=by,
            compare_last_year=compare,
        )

    tables = {name: figures(ask(name)) for name in BREAKDOWNS}
    total = figures(ask(compare=True)).total
    return Overview(period, total, {name: table.rows for name, table in tables.items()})

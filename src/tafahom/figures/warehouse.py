"""The facts in Parquet, one file for each month in which courses ended, always up to date.

Everything under ``settings.DATA_DIR / "warehouse"`` is derived: it may be deleted, and is built
again at the next question. Writers take one lock while they build, and another, which readers
share, for the moment in which new files replace old ones: a reader sees all of a refresh or none.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists

from tafahom.audit.models import Entry
from tafahom.figures import engine
from tafahom.figures.registry import Registry, from_text, months_touched, read_registry
from tafahom.figures.schema import MEASURE_COLUMNS
from tafahom.figures.snapshot import one_snapshot
from tafahom.scoping import everything
from tafahom.training.models import ChangedCourse, Course

# What was found fresh by this process: the registries are read again when the mark differs.
_seen: dict[Path, tuple[int, int]] = {}

# The entry of the audit up to which facts were made for all questions that are being put.
_fresh_up_to: ContextVar[int | None] = ContextVar("facts_are_fresh", default=None)

KEPT_ANSWERS = 32  # of this process; one by agreement of a large register takes a megabyte
FORMAT = 1  # of the files; another number builds them all again


def folder() -> Path:
    """Return the warehouse's folder, made if need be."""
    place = Path(settings.DATA_DIR) / "warehouse"
    (place / "facts").mkdir(parents=True, exist_ok=True)
    return place


def months() -> list[int]:
    """Return the end months (Jalali, 139710) that have facts, in order."""
    return sorted(int(file.stem.partition("=")[2]) for file in _files())


def ask(plan: engine.Plan) -> tuple[tuple[int, ...], dict[tuple[Any, ...], tuple[int, ...]]]:
    """Return the measures of a plan: of its whole, and of each group by the group's key.

    Without ``plan.by`` there are no groups. Measures are as ``schema.MEASURE_COLUMNS``. The
    answers of late are kept, as long as their files stay what they are: change none of them.
    """
    with _lock("files.lock", fcntl.LOCK_SH):
        files = tuple(_stamped(file) for file in _files() if _may_hold(file, plan))
        if not files:
            return (0,) * len(MEASURE_COLUMNS), {}
        return _answer(plan, files, folder())


_Stamped: TypeAlias = tuple[Path, int, int, int]


def _stamped(file: Path) -> _Stamped:
    """Return a file with what is another when its content is."""
    found = file.stat()
    return file, found.st_ino, found.st_mtime_ns, found.st_size


@lru_cache(maxsize=KEPT_ANSWERS)
def _answer(
    plan: engine.Plan, files: tuple[_Stamped, ...], cache: Path
) -> tuple[engine.MeasuredRow, dict[engine.Group, engine.MeasuredRow]]:
    return engine.run(plan, [file for file, *_stamp in files], cache)


def spellings(column: str) -> dict[str, str]:
    """Return the names to show for the keys of a text column of the facts."""
    with _lock("files.lock", fcntl.LOCK_SH):
        files = _files()
        return engine.spellings(column, files) if files else {}


def enrolments(year: int) -> list[tuple[Any, ...]]:
    """Return the enrolments of a year's courses, as ``engine.enrolments`` has them."""
    with _lock("files.lock", fcntl.LOCK_SH):
        files = _files_of(year)
        return engine.enrolments(files) if files else []


def grouped(keys: str, sums: str, having: str = "true") -> list[tuple[Any, ...]]:
    """Return groups of all facts with sums over them, as ``engine.grouped`` has them."""
    with _lock("files.lock", fcntl.LOCK_SH):
        files = _files()
        return engine.grouped(keys, sums, having, files) if files else []


def stamp_of(year: int) -> str:
    """Return what is another text when the facts of a year are others."""
    with _lock("files.lock", fcntl.LOCK_SH):
        return repr([_stamped(file)[1:] for file in _files_of(year)])


def refresh() -> list[int]:
    """Bring the facts up to date with the database; return the months that were written.

    Cheap when nothing has changed. Safe to call from several processes at once. Within
    ``fresh_for_all`` it was done.
    """
    if _fresh_up_to.get() is not None:
        return []
    with everything("facts are of all courses; a question is cut to what its asker may see"):
        return _refresh()


@contextmanager
def fresh_for_all() -> Iterator[None]:
    """Bring the facts up to date once, for all the questions of a page.

    What changes meanwhile is for the next page; new facts are seen by ``version``.
    """
    refresh()
    entry, _version = _seen.get(folder()) or mark()
    token = _fresh_up_to.set(entry)
    try:
        yield
    finally:
        _fresh_up_to.reset(token)


def _refresh() -> list[int]:
    now, has_changed = _mark_and_changes()
    if _seen.get(folder()) == now and not has_changed:
        return []
    if _is_fresh(read_registry()):
        _seen[folder()] = now
        return []
    with _lock("build.lock", fcntl.LOCK_EX):
        with one_snapshot():
            registry = read_registry()
            if _is_fresh(registry):  # somebody else was at it
                return []
            changes = list(ChangedCourse.objects.values_list("id", "course_id", "end_month"))
            stale = _stale_months(changes, registry)
            aside = _write_aside(stale, registry)
        _put_in_place(aside, registry)
    # Not under the lock: who asks within a transaction may hold what this waits for.
    _forget([pk for pk, _course, _month in changes])
    return sorted(stale)


_Aside: TypeAlias = dict[int, Path | None]


def _write_aside(stale: Collection[int], registry: Registry) -> _Aside:
    """Build the facts of months in files beside their places; None for a month without any."""
    engine.compile_statements(folder())
    return {month: _write_month(month, registry) for month in sorted(stale)}


def _put_in_place(aside: _Aside, registry: Registry) -> None:
    """Let new files take the places of old ones, all together."""
    with _lock("files.lock", fcntl.LOCK_EX):
        for month, file in aside.items():
            place = folder() / "facts" / f"end_month={month}.parquet"
            if file is None:
                place.unlink(missing_ok=True)
            else:
                os.replace(file, place)
        _save_manifest(registry)


@everything("facts are of all courses; a question is cut to what its asker may see")
def rewrite(months: Collection[int]) -> None:
    """Build the facts of months again, whether or not anybody noted that they changed."""
    refresh()
    with _lock("build.lock", fcntl.LOCK_EX):
        with one_snapshot():
            registry = read_registry()
            stale = {*months, *_stale_months([], registry)}
            aside = _write_aside(stale, registry)
        _put_in_place(aside, registry)


def rebuild() -> list[int]:
    """Build all facts again from the database; return the months written."""
    with _lock("build.lock", fcntl.LOCK_EX):
        (folder() / "manifest.json").unlink(missing_ok=True)
    return refresh()


def version() -> int:
    """Return what is another number when facts were written."""
    manifest = folder() / "manifest.json"
    return manifest.stat().st_mtime_ns if manifest.exists() else 0


def mark() -> tuple[int, int]:
    """Return what changes when the registries or the files may have changed.

    Every change of a registry leaves an entry in the audit; every refresh a new manifest.
    """
    entry = _fresh_up_to.get()
    return _mark_and_changes()[0] if entry is None else (entry, version())


def _mark_and_changes() -> tuple[tuple[int, int], bool]:
    """Return the mark, and whether courses have changed since facts were made, in one question."""
    has_changed = Exists(ChangedCourse.objects.all())
    found = Entry.objects.order_by("-id").values_list("id", has_changed).first()
    if found is None:
        return (0, version()), ChangedCourse.objects.exists()
    return (found[0], version()), found[1]


def _is_fresh(registry: Registry) -> bool:
    manifest = _manifest()
    return (
        manifest is not None
        and manifest["registry"] == registry.digest()
        and not ChangedCourse.objects.exists()
    )


def _stale_months(changes: list[tuple[int, int, int]], registry: Registry) -> set[int]:
    """Return the months to write: all at first, then those of changed courses and registries."""
    if _manifest() is None:
        return {
            *months(),
            *Course.objects.order_by().values_list("end_month", flat=True).distinct(),
        }
    stale = {month for _pk, _course, month in changes}
    courses = list({course for _pk, course, _month in changes})
    for start in range(0, len(courses), 500):
        moved = Course.objects.filter(id__in=courses[start : start + 500]).order_by()
        stale.update(moved.values_list("end_month", flat=True).distinct())
    before = from_text((folder() / "registry.json").read_text())
    return stale | months_touched(before, registry)


def _write_month(month: int, registry: Registry) -> Path | None:
    """Write a month's facts to a file beside its place; None when the month has none."""
    import pyarrow.parquet as pq  # a third of a second, paid only when there is something to write

    from tafahom.figures.facts import month_table

    table = month_table(month, registry)
    if not table.num_rows:
        return None
    file = folder() / "facts" / f"{month}.{os.getpid()}.tmp"
    pq.write_table(table, file, compression="zstd")
    return file


def _forget(changes: list[int]) -> None:
    """Remove the notes of changes that are now in the facts; later ones stay.

    Notes that somebody else is removing are left to them.
    """
    can_skip = connection.features.has_select_for_update_skip_locked
    for start in range(0, len(changes), 500):
        with transaction.atomic():
            noted = ChangedCourse.objects.filter(id__in=changes[start : start + 500])
            held = noted.select_for_update(skip_locked=can_skip).values_list("id", flat=True)
            ChangedCourse.objects.filter(id__in=list(held)).delete()


def _files() -> list[Path]:
    return sorted((folder() / "facts").glob("end_month=*.parquet"))


def _files_of(year: int) -> list[Path]:
    return [file for file in _files() if int(file.stem.partition("=")[2]) // 100 == year]


def _may_hold(file: Path, plan: engine.Plan) -> bool:
    """Return whether a month's file can hold rows of the plan: no course ends before it starts."""
    month = int(file.stem.partition("=")[2])
    if plan.month_column == "end_month":
        return plan.first <= month <= plan.last
    return month >= plan.first if plan.month_column == "start_month" else True


def _manifest() -> dict[str, Any] | None:
    """Return what the files were built from; None when they are of another format or database."""
    try:
        manifest: dict[str, Any] = json.loads((folder() / "manifest.json").read_text())
    except (OSError, ValueError):
        return None
    same = manifest.get("format") == FORMAT and manifest.get("database") == database()
    return manifest if same else None


def _save_manifest(registry: Registry) -> None:
    replace_text(folder() / "registry.json", registry.as_text())
    manifest = {"format": FORMAT, "database": database(), "registry": registry.digest()}
    replace_text(folder() / "manifest.json", json.dumps(manifest))


def replace_text(file: Path, text: str) -> None:
    """Put a text in a file's place at once: a reader sees the old one or the new one."""
    aside = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    aside.write_text(text)
    os.replace(aside, file)


def database() -> str:
    """Return a digest that tells this database from another put in its place."""
    known = connection.settings_dict
    first = Course.objects.order_by("id").values_list("uid", flat=True).first()
    parts: Iterable[str] = (str(known[name]) for name in ("ENGINE", "HOST", "PORT", "NAME"))
    return hashlib.sha256("\n".join([*parts, first or ""]).encode()).hexdigest()


def locked(name: str) -> AbstractContextManager[None]:
    """Hold a lock of the warehouse that nobody shares."""
    return _lock(name, fcntl.LOCK_EX)


@contextmanager
def _lock(name: str, kind: int) -> Iterator[None]:
    """Hold a lock of the warehouse, shared or exclusive, between processes and threads."""
    with (folder() / name).open("a") as handle:
        fcntl.flock(handle, kind)
        yield

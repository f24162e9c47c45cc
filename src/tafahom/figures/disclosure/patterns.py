"""The patterns of hidden cells: chosen when the facts of a year have changed, and kept.

One file for each province and year, beside the facts, says of every published cell how many
enrolments it counted and whether it is hidden. What has not changed since keeps what was decided: the
same question has the same answer, and later months do not bring an earlier one to light.
"""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from tafahom.agreements.models import Agreement
from tafahom.agreements.promises.queries import counted
from tafahom.agreements.queries import revealing_agreements
from tafahom.figures import warehouse
from tafahom.figures.disclosure.decisions import decide
from tafahom.figures.disclosure.family import TableDimensions
from tafahom.figures.disclosure.names import Contract, Decided, Name
from tafahom.figures.disclosure.slices import Enrolments, Revealing, SliceKey
from tafahom.jalali import MONTH_NAMES, year_end
from tafahom.parties.queries import revealing_centre_types, revealing_centres, revealing_partners
from tafahom.periods.queries import settled_months
from tafahom.scoping import everything

FORMAT = 2  # of the files; another number chooses all patterns anew, whatever was shown before
RULES = 3  # of choosing; another number chooses again, from what was decided before
# What was found fresh by this process.
_seen: dict[tuple[Path, int], tuple[int, int]] = {}


@dataclass(frozen=True)
class Pattern:
    """What is hidden of a province's year. ``months`` (1 … 12) are those with figures."""

    province: int
    year: int
    months: tuple[int, ...]
    is_closed: bool
    hidden: frozenset[Name]
    # How many needs could not be met: of a year with one partner everybody knows everything.
    unmet: int

    def keys(self, table: TableDimensions, through: int) -> frozenset[SliceKey]:
        """Return the rows of a table that are hidden through a month of the year, 0 being the year."""
        month = max((one for one in self.months if one <= through), default=0)
        return frozenset(
            name.key for name in self.hidden if name.table == table and name.month == month
        )


@everything("patterns are chosen from all that a province's year holds")
def patterns_of(year: int) -> tuple[Pattern, ...]:
    """Return the patterns of a year, one for each province with figures; facts are up to date.

    A file that somebody took away is made again: without a pattern nothing may be shown.
    """
    place, mark = _folder(), warehouse.mark()
    if _seen.get((place, year)) != mark or not _are_there(year):
        _choose_anew(year)
        _seen[place, year] = mark
    return tuple(_read(file, file.stat().st_mtime_ns) for file in _chosen(year))


def choose_patterns() -> None:
    """Choose what is to be hidden of all years now, so that nobody waits for it at a page."""
    warehouse.refresh()
    for year in {month // 100 for month in warehouse.months()}:
        patterns_of(year)


def _choose_anew(year: int) -> None:
    """Choose the patterns of a year again if its figures, or what reveals there, have changed."""
    sources = _Sources(_revealing(), _contracts(year), _closed_provinces(year))
    with warehouse.locked("disclosure.lock"):
        digest = sources.digest(year)
        if _are_there(year) and _index(year)["digest"] == digest:
            return
        by_province: dict[int, list[Enrolments]] = defaultdict(list)
        for row in warehouse.enrolments(year):
            one = Enrolments(*row)
            by_province[one.province].append(one._replace(month=one.month % 100))
        for file in _files(year):
            if _province_of(file) not in by_province:
                file.unlink()
        # What was hidden because of somebody who reveals nothing any more need not stay hidden.
        kind = {"format": FORMAT, "database": warehouse.database(), "revealing": sources.reveals}
        is_same = _are_there(year) and kind.items() <= _index(year).items()
        for province, rows in by_province.items():
            file = _file_of(year, province)
            _choose(file, province, rows, sources, _decided(file) if is_same else {})
        index = {"digest": digest, "provinces": sorted(by_province), **kind}
        warehouse.replace_text(_index_file(year), json.dumps(index))


@dataclass(frozen=True, slots=True)
class _Sources:
    """What patterns follow from besides the facts; contracts by province."""

    revealing: Revealing
    contracts: Mapping[int, Sequence[Contract]]
    closed: Set[int]

    @property
    def reveals(self) -> list[list[int]]:
        """The ids of what reveals a status, by kind."""
        return [sorted(getattr(self.revealing, name)) for name in Revealing.__slots__]

    def digest(self, year: int) -> str:
        """Return what is another text when any of it, or the facts, are others."""
        parts = [
            FORMAT,
            RULES,
            warehouse.stamp_of(year),
            sorted(self.closed),
            sorted(self.contracts.items()),
            self.reveals,
        ]
        return hashlib.sha256(repr(parts).encode()).hexdigest()


def _choose(
    file: Path,
    province: int,
    rows: list[Enrolments],
    sources: _Sources,
    before: Mapping[Name, Decided],
) -> None:
    """Choose and keep the pattern of one province's year; ``before`` is what was decided."""
    decision = decide(
        rows,
        revealing=sources.revealing,
        others=sources.contracts.get(province, ()),
        is_closed=province in sources.closed,
        before=before,
    )
    document = {
        "months": sorted({one.month for one in rows}),
        "is_closed": province in sources.closed,
        "unmet": decision.unmet,
        "cells": [[*name, *astuple(one)] for name, one in decision.cells.items()],
    }
    warehouse.replace_text(file, json.dumps(document, ensure_ascii=False))


def _contracts(year: int) -> dict[int, list[Contract]]:
    """Return the agreements whose commitments count in a year, by province."""
    promised = counted(year, on=year_end(year)).values("agreement")
    found: dict[int, list[Contract]] = defaultdict(list)
    rows = Agreement.objects.filter(pk__in=promised).order_by("pk")
    fields = ("province_id", "pk", "partner_id", "level", "partner__kind_id")
    for province, *contract in rows.values_list(*fields):
        found[province].append(Contract(*contract))
    return found


def _closed_provinces(year: int) -> set[int]:
    """Return the provinces all of whose months of a year are closed."""
    months = settled_months().filter(month__range=(year * 100 + 1, year * 100 + 12)).order_by()
    counts = Counter(months.values_list("province_id", flat=True))
    return {province for province, count in counts.items() if count == len(MONTH_NAMES)}


def _revealing() -> Revealing:
    return Revealing(
        partners=revealing_partners(),
        agreements=revealing_agreements(),
        centres=revealing_centres(),
        centre_types=revealing_centre_types(),
    )


def _folder() -> Path:
    place = warehouse.folder() / "disclosure"
    place.mkdir(exist_ok=True)
    return place


def _files(year: int) -> list[Path]:
    return sorted(_folder().glob(f"{year}-*.json"))


def _file_of(year: int, province: int) -> Path:
    return _folder() / f"{year}-{province}.json"


def _index_file(year: int) -> Path:
    return _folder() / f"{year}.index"


def _index(year: int) -> dict[str, Any]:
    """Return what the patterns of a year follow from and of which provinces there are some."""
    return _document(_index_file(year))


def _chosen(year: int) -> list[Path]:
    return [_file_of(year, province) for province in _index(year)["provinces"]]


def _are_there(year: int) -> bool:
    """Whether patterns were chosen for a year, and all of their files are there."""
    return _index_file(year).exists() and all(file.exists() for file in _chosen(year))


def _province_of(file: Path) -> int:
    return int(file.stem.partition("-")[2])


def _document(file: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(file.read_text())
    return document


def _cells(document: Mapping[str, Any]) -> Iterable[tuple[Name, Decided]]:
    for table, key, month, *decided in document["cells"]:
        yield Name(tuple(table), tuple(key), month), Decided(*decided)


def _decided(file: Path) -> dict[Name, Decided]:
    return dict(_cells(_document(file))) if file.exists() else {}


@lru_cache(maxsize=64)
def _read(file: Path, _stamp: int) -> Pattern:
    document = _document(file)
    return Pattern(
        province=_province_of(file),
        year=int(file.stem.partition("-")[0]),
        months=tuple(document["months"]),
        is_closed=document["is_closed"],
        hidden=frozenset(name for name, one in _cells(document) if one.is_hidden),
        unmet=document["unmet"],
    )

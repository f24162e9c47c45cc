"""A province as tiles: its counties, where they lie to each other, and what was delivered there."""

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureRow, Number
from tafahom.jalali import MonthSpan
from tafahom.parties.models import County
from tafahom.parties.queries import home_counties
from tafahom.persian import normal_key
from tafahom.reports.definitions.cells import cells_of, hidden_or
from tafahom.reports.tables import HIDDEN, TableCell
from tafahom.web.reports.offers import is_guarded
from tafahom.web.shell.addresses import report_address

SHADES = 5  # 0 for nothing, then four steps to the most


@dataclass(frozen=True, slots=True)
class Tile:
    """A county. ``place`` is the class of its place, empty where that is not known."""

    key: str
    name: str
    place: str
    agreements: TableCell
    persons: TableCell
    hours: TableCell
    report: str
    shade: int

    @property
    def is_hidden(self) -> bool:
        """Whether what was delivered there is hidden from who asks."""
        return self.persons is HIDDEN


@dataclass(frozen=True, slots=True)
class Tiles:
    """The counties of the province in Persian order; ``elsewhere`` has no county of it."""

    tiles: list[Tile]
    elsewhere: TableCell

    @property
    def has_hidden(self) -> bool:
        """Whether anything is hidden from who asks."""
        return self.elsewhere is HIDDEN or any(tile.is_hidden for tile in self.tiles)

    @property
    def are_placed(self) -> bool:
        """Whether all have a place: then they are drawn as a map."""
        return bool(self.tiles) and all(tile.place for tile in self.tiles)


def county_tiles(period: MonthSpan) -> Tiles:
    """Return the counties of the installation's province with figures of a period.

    The persons of courses whose centre has no county of the province are ``elsewhere``.
    """
    query = FigureQuery(
        year=period.year,
        from_month=period.from_month,
        through_month=period.through_month,
        by=("county", "province"),
    )
    answer = figures(query)
    here = {
        row.dims["county"].code: row
        for row in answer.rows
        if row.dims["province"].code == settings.PROVINCE_CODE and row.dims["county"].code
    }
    counties = list(home_counties())
    names = {county.key for county in counties}
    most = max((row.values["persons"] or 0 for row in here.values()), default=0)
    rows_are = ("partner", "county") if is_guarded() else ("agreement",)
    tiles = [
        _tile(
            county,
            here.get(county.key),
            most,
            report_address(period, by=rows_are, county=county.key),
        )
        for county in counties
    ]
    outside = [
        row
        for row in answer.rows
        if row.dims["province"].code != settings.PROVINCE_CODE
        or row.dims["county"].code not in names
    ]
    elsewhere = hidden_or(
        sum(row.values["persons"] or 0 for row in outside),
        is_hidden=any(row.is_hidden for row in outside),
    )
    return Tiles(tiles, elsewhere)


def _tile(county: County, found: FigureRow | None, most: Number, report: str) -> Tile:
    cells = cells_of(found) if found else {}
    persons = (found.values["persons"] if found else None) or 0
    column, row = _places().get(county.key, (0, 0))
    return Tile(
        key=county.key,
        name=county.name,
        place=f"tile-c{column} tile-r{row}" if column else "",
        agreements=cells.get("agreements") or 0,
        persons=cells.get("persons") or 0,
        hours=cells.get("person_hours") or 0,
        report=report,
        shade=math.ceil(persons * (SHADES - 1) / most) if most else 0,
    )


@cache
def _all_places() -> dict[str, dict[str, list[int]]]:
    file = Path(__file__).with_name("county_tiles.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _places() -> dict[str, tuple[int, int]]:
    """Return column and row by county of the province."""
    found = _all_places().get(settings.PROVINCE_CODE, {})
    return {normal_key(name): (place[0], place[1]) for name, place in found.items()}

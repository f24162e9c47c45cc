"""The stored patterns: chosen once, kept, and never missing."""

from types import SimpleNamespace

import pytest

from figures.conftest import world, year
from tafahom.figures import warehouse
from tafahom.figures.disclosure import patterns
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery, FigureRow
from tafahom.scoping import everything, guarded

__all__ = ["world", "year"]


@pytest.fixture
def few(year: SimpleNamespace) -> SimpleNamespace:
    """The year of the figures, whose prisons have few people and say what they were."""
    year.prisons.reveals_status = True
    year.prisons.save(update_fields=["reveals_status"])
    return year


def by_partner(month: int = 12) -> dict[str, FigureRow]:
    with guarded():
        table = figures(FigureQuery(1397, month, by=("partner",)))
    return {row.dims["partner"].name: row for row in table.rows}


def test_few_people_are_hidden_and_promises_are_not(few: SimpleNamespace) -> None:
    row = by_partner()[few.prisons.name]
    assert row.is_hidden
    assert row.values["persons"] is None
    assert row.values["person_hours"] is None
    assert row.values["realisation_persons"] is None
    assert row.as_json()["hidden"] is True
    with everything("what a director sees"):
        exact = figures(FigureQuery(1397, 12, by=("partner",)))
    assert not any(one.is_hidden for one in exact.rows)
    with guarded():
        assert figures(FigureQuery(1397, 12)).total.values == exact.total.values


def test_a_file_that_was_taken_away_is_made_again(few: SimpleNamespace) -> None:
    assert by_partner()[few.prisons.name].is_hidden
    folder = warehouse.folder() / "disclosure"
    for pattern in ("1397-*.json", "1397.index", "*"):
        for file in folder.glob(pattern):
            file.unlink()
        assert by_partner()[few.prisons.name].is_hidden, pattern


def test_what_reveals_nothing_any_more_is_shown(few: SimpleNamespace) -> None:
    assert by_partner()[few.prisons.name].is_hidden
    few.prisons.reveals_status = False
    few.prisons.save(update_fields=["reveals_status"])
    few.world.person()  # and something is recorded
    warehouse.rewrite(set(warehouse.months()))
    assert not by_partner()[few.prisons.name].is_hidden


def test_the_pattern_is_chosen_once(few: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    by_partner()
    monkeypatch.setattr(patterns, "decide", None)
    monkeypatch.setattr(patterns, "_seen", {})
    assert by_partner()[few.prisons.name].is_hidden

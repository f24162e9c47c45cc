"""Nothing takes figures or counts of people out without an answer why that tells of nobody."""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from figures.walking import SOURCE, leaving_scope, modules, places
from figures.ways_out import WAYS, Guard
from tafahom.access.rules import PERMISSIONS, Act

# What gives figures that whoever takes them must guard, by module: kept ones, and functions below.
CARRIERS = {"tafahom.periods.models": {"Adjustment", "MonthTable", "MonthTableRow"}}
for _place, _way in WAYS.items():
    if _way.guard is Guard.CALLER:
        _module, _colon, _function = _place.partition(":")
        CARRIERS.setdefault(f"tafahom.{_module}", set()).add(_function)

SEES = {
    Guard.STATUSES: PERMISSIONS[Act.SEE_SENSITIVE_FIGURES],
    Guard.PEOPLE: PERMISSIONS[Act.SEE_PEOPLE] | PERMISSIONS[Act.SEE_SENSITIVE_FIGURES],
}


def found() -> set[str]:
    return {place for module, text in modules() for place in places(module, text, CARRIERS)}


def test_every_way_out_has_a_row_and_every_row_a_way() -> None:
    there = found()
    assert sorted(there - WAYS.keys()) == [], "new ways out: give each a row in ways_out.py"
    assert sorted(WAYS.keys() - there) == [], "rows of what is there no more"


@pytest.mark.parametrize("place", [place for place, way in WAYS.items() if way.guard in SEES])
def test_the_act_of_a_row_is_given_to_who_may_see_it(place: str) -> None:
    way = WAYS[place]
    assert way.act
    assert PERMISSIONS[way.act] <= SEES[way.guard]


def test_acts_of_rows_are_those_of_the_pages() -> None:
    """Of the rows that are views themselves."""
    acts = {f"{view.__module__}:{view.__name__}": view.act for view in _views(get_resolver())}
    compared = 0
    for place, way in WAYS.items():
        if way.act and (act := acts.get(f"tafahom.{place}")):
            assert act == way.act, place
            compared += 1
    assert compared


def _views(resolver: URLResolver) -> list[object]:
    views = []
    for entry in resolver.url_patterns:
        views += _views(entry) if isinstance(entry, URLResolver) else [_view(entry)]
    return [view for view in views if hasattr(view, "act")]


def _view(entry: URLPattern) -> object:
    return entry.callback


HOLES = {
    "a page that asks figures": (
        "from tafahom.figures.queries import figures as ask\ndef page(request):\n    return ask(1)"
    ),
    "a page that asks facts": (
        "from tafahom.figures import warehouse\ndef page(request):\n    return warehouse.ask(1)"
    ),
    "keys past the guard": (
        "from tafahom.figures.queries import FigureQuery, delivered_by_key\n"
        "class Page:\n    def get(self):\n        return list(map(delivered_by_key, [1]))"
    ),
    "what a closed month keeps": (
        "from tafahom.credentials.queries import month_figures\ndef page():\n    month_figures()"
    ),
    "a module's function": (
        "from tafahom.exchange import closing\ndef page():\n    return closing.open_points()"
    ),
    "a count": "def page(course):\n    return course.enrolments.count()",
    "a count in SQL": "from django.db.models import Count\ndef page(rows):\n    rows.annotate(n=Count('pk'))",
    "a count of a list": "def page(course):\n    return len(list(course.enrolments.all()))",
    "hours": "def page(rows):\n    return rows.aggregate(n=1)",
}
HARMLESS = {
    "years": "from tafahom.figures.queries import years\ndef page():\n    return years()",
    "facts kept up to date": (
        "from tafahom.figures import warehouse\ndef page():\n    warehouse.refresh()"
    ),
    "a list's own count": "def page(rows):\n    return rows.count(None), len(rows)",
    "months that are closed": (
        "from tafahom.exchange import closing\ndef page():\n    return closing.close"
    ),
}


@pytest.mark.parametrize("name", HOLES)
def test_a_new_way_out_is_found(name: str) -> None:
    """The walk itself, tried on what it must find."""
    [place] = places("web.new", HOLES[name], CARRIERS)
    assert place in {"web.new:page", "web.new:Page.get"}


@pytest.mark.parametrize("name", HARMLESS)
def test_what_is_no_way_out_needs_no_row(name: str) -> None:
    assert places("web.new", HARMLESS[name], CARRIERS) == set()


def test_no_way_out_leaves_the_scope_of_who_asks() -> None:
    """There figures would be those of somebody who sees statuses."""
    leaving = {f"{module}:{name}" for module, text in modules() for name in leaving_scope(text)}
    asks = {place for place, way in WAYS.items() if way.guard in (Guard.FIGURES, Guard.HIDDEN)}
    assert leaving
    assert leaving & asks == set()
    hole = "@everything('why')\ndef page():\n    with everything('why'):\n        figures(1)"
    assert leaving_scope(hole) == {"page"}


def test_templates_count_no_enrolments_by_themselves() -> None:
    """Which they could: a template walks relations without anybody's leave."""
    # Dataclasses of pages with a row above: what an undo, or a request to forget, takes away.
    known = {"losses", "preview"}
    walks = re.compile(r"(\w+)\.(?:enrolments|attendance|certificates)\b")
    templates = sorted((SOURCE / "web").rglob("templates/**/*.html"))
    assert len(templates) > 50
    wrong = [
        f"{path.name}: {line.strip()[:80]}"
        for path in templates
        for line in path.read_text(encoding="utf-8").splitlines()
        for tag in re.findall(r"\{[{%].*?[}%]\}", line)
        if set(walks.findall(tag)) - known
    ]
    assert wrong == []

"""What the report builder offers to who may not put a question: the same with less in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from tafahom.figures.catalogue import DIMENSIONS
from tafahom.figures.queries import offers
from tafahom.figures.tables import FigureQuery
from tafahom.web.reports.forms import FILTERS, ReportForm

MAX_OFFERS = 4
_ANY_YEAR = 1400  # what is offered does not hang on the year
_BY_WHAT = ("partner", "agreement", "level", "centre", "centre_type", "partner_kind")


@dataclass(frozen=True, slots=True)
class Offer:
    """A report that may be asked for: what it leaves out, and its address."""

    label: str
    address: str


def is_guarded() -> bool:
    """Whether some questions are not offered to who asks: of one partner month by month, say."""
    return not offers(FigureQuery(_ANY_YEAR, 12, by=("partner", "month")))


def rows_of(dimension: str) -> str:
    """Return by what a report on one value of a dimension is split that is offered to who asks."""
    if not is_guarded() or dimension not in _BY_WHAT:
        return "month"
    return "county" if dimension == "partner" else dimension


def offered_instead(form: ReportForm) -> list[Offer]:
    """Return reports near the one that was asked for and is not offered; the form is valid."""
    data: QueryDict = form.data  # type: ignore[assignment]  # always bound to one
    plain = _since_new_year(data)
    suffix = _(", from the first month of the year") if plain != data else ""
    found: dict[str, Offer] = {}
    for label, left_out in _changes(data):
        for words, said in ((data, label), (plain, f"{label}{suffix}")):
            changed = _without(words, *left_out)
            other = form.like(changed)
            if other.is_valid() and offers(other.query()):
                found.setdefault(changed.urlencode(), Offer(said, changed.urlencode()))
                break
    return list(found.values())[:MAX_OFFERS]


def _changes(data: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Yield what could be left out, the least first; months and their counting follow."""
    named = [name for name in _named(data) if name in DIMENSIONS]
    yield _("The same rows and filters"), []
    for name in named:
        yield _("Without “{dimension}”").format(dimension=DIMENSIONS[name].label), [name]
    for name in named:
        if name in _BY_WHAT:
            label = _("By “{dimension}” alone").format(dimension=DIMENSIONS[name].label)
            yield label, [other for other in named if other != name]


def _named(data: QueryDict) -> list[str]:
    """Return the dimensions of rows and filters, each once."""
    filters = [name for name in FILTERS if name in data]
    return list(dict.fromkeys([*data.getlist("by"), *filters]))


def _since_new_year(data: QueryDict) -> QueryDict:
    changed = data.copy()
    changed["from"], changed["attribution"] = "1", "end"
    return changed


def _without(data: QueryDict, *names: str) -> QueryDict:
    """Return the words of an address without some dimensions, as rows and as filters."""
    changed = data.copy()
    changed.setlist("by", [name for name in data.getlist("by") if name not in names])
    for name in names:
        changed.pop(name, None)
    return changed

"""The questions that may be asked of slices that reveal a status, by who may not see statuses.

They are few and fixed, so that what is hidden in one answer can not be had from another: each
has one stored pattern of hidden cells (``patterns``), and all patterns of a year are chosen together.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tafahom.figures.rules import FigureError

# Columns of the facts whose value can reveal why somebody was trained.
REVEALING = frozenset(
    {"partner", "agreement", "level", "partner_kind", "centre", "centre_type", "audience"}
)
ALONE = ("partner", "agreement", "level", "partner_kind", "centre", "centre_type")
BY_COUNTY = ("partner", "county")
OF_CLOSED_YEARS = (("partner", "gender"), ("partner", "education"), ("partner", "age_band"))

TableDimensions = tuple[str, ...]
_TABLES: dict[frozenset[str], TableDimensions] = {
    frozenset(table): table for table in (*((one,) for one in ALONE), BY_COUNTY, *OF_CLOSED_YEARS)
}


class NotOfferedError(FigureError):
    """The question could point at people by their status: the asker may not put it."""


def is_revealing(dimensions: frozenset[str]) -> bool:
    """Whether a slice by these dimensions may reveal a status."""
    return bool(dimensions & REVEALING)


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides whether a question is in the family.

    ``dimensions`` are those it is split, cut or confined by. ``is_cumulative`` says that it runs from the
    first month of the year, ``is_whole_year`` that it runs through the last too.
    """

    dimensions: frozenset[str]
    attribution: str
    is_cumulative: bool
    is_whole_year: bool


def table_of(asked: Asked) -> TableDimensions:
    """Return the table that answers a revealing question. Raises NotOfferedError when none does."""
    # Every table is of one province, so to split by province tells nothing more.
    table = _TABLES.get(asked.dimensions - {"province"})
    if table is None:
        raise NotOfferedError(not_combined())
    if asked.attribution != "end" or not asked.is_cumulative:
        raise NotOfferedError(_not_cumulative())
    if table in OF_CLOSED_YEARS and not asked.is_whole_year:
        raise NotOfferedError(not_closed())
    return table


def not_closed() -> str:
    """Say that a question is for closed years only."""
    return _(
        "By partner together with gender, education or age, figures are shown of whole years only,"
        " once all their months are closed: smaller slices could point at people."
    )


def not_together() -> str:
    """Say that values that reveal are not offered together with others."""
    return _(
        "A filter takes one partner, agreement, level, kind or centre at a time where it can tell why"
        " somebody was trained: of two together it could be told who was with both. Split by it, or"
        " take one."
    )


def not_combined() -> str:
    """Say that dimensions are not offered together."""
    return _(
        "Partner, agreement, level and centre can tell why somebody was trained. Your role sees each"
        " of them by itself, and the partner also by county or, of closed years, by gender, education"
        " or age. Take the other splits and filters away."
    )


def _not_cumulative() -> str:
    return _(
        "Partner, agreement, level and centre can tell why somebody was trained. Your role sees them"
        " from the first month of a year on, by the month in which courses ended."
    )

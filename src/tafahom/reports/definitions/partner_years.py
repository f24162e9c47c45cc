"""What was delivered with a partner, year by year."""

from dataclasses import dataclass

from tafahom.figures.disclosure.family import NotOfferedError
from tafahom.figures.queries import figures, latest_period, years
from tafahom.figures.tables import FigureQuery
from tafahom.parties.models import Partner
from tafahom.reports.definitions.cells import cells_of
from tafahom.reports.tables import HIDDEN, TableCell

SHOWN_YEARS = 3


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """Year, last month and figures of each year; ``refused`` says why there are none to see."""

    years: list[tuple[int, int, dict[str, TableCell]]]
    refused: str = ""

    @property
    def has_hidden(self) -> bool:
        """Whether those of a year are hidden from who asks."""
        return any(cells["persons"] is HIDDEN for _year, _last, cells in self.years)


def partner_figures(partner: Partner) -> PartnerFigures:
    """Return the figures of the partner for the latest years, newest first."""
    latest = latest_period()
    rows = []
    for year in years()[:SHOWN_YEARS]:
        last = latest.through_month if latest and latest.year == year else 12
        query = FigureQuery(year=year, through_month=last, where=(("partner", partner.uid),))
        try:
            rows.append((year, last, cells_of(figures(query).total)))
        except NotOfferedError as error:
            return PartnerFigures([], refused=str(error))
    return PartnerFigures(rows)

"""What must be the same after a restore: the head of the audit and every figure."""

from typing import Any

from tafahom.audit.verification import verify_chain
from tafahom.figures.queries import FigureQuery, figures, latest_period, years
from tafahom.people.models import Identity
from tafahom.people.queries import identities_of

# A slice by each of these covers the facts, the registries and the commitments.
SLICES: tuple[tuple[str, ...], ...] = ((), ("partner", "gender"), ("audience",), ("month",))
SAMPLE = 20


def state() -> dict[str, Any]:
    """Return the head of the audit, all figures, and whether identities open, as JSON."""
    chain = verify_chain()
    newest = Identity.objects.order_by("-pk").values_list("person_id", flat=True)[:SAMPLE]
    return {
        "audit": {"entries": chain.entries, "head": chain.head, "intact": chain.intact},
        "identities": {"count": Identity.objects.count(), "opened": len(identities_of(newest))},
        "figures": [_figures(year, by) for year in years() for by in SLICES],
    }


def _figures(year: int, by: tuple[str, ...]) -> dict[str, Any]:
    """Return one report as its JSON, without the moment at which it was asked for."""
    through = _last_month(year)
    document = figures(FigureQuery(year=year, through_month=through, by=by)).as_json()
    del document["as_of"]
    return document


def _last_month(year: int) -> int:
    latest = latest_period()
    return latest.through_month if latest and latest.year == year else 12

"""What must be the same after a restore: the audit's head, every figure, what keys open."""

from typing import Any

from allauth.mfa.models import Authenticator

from tafahom.access.accounts.second_steps import opens
from tafahom.audit.verification import verify_chain
from tafahom.figures.queries import figures, latest_period, years
from tafahom.figures.tables import FigureQuery
from tafahom.people.models import Identity
from tafahom.people.queries import identities_of

# A slice by each of these covers the facts, the registries and the commitments.
SLICES: tuple[tuple[str, ...], ...] = ((), ("partner", "gender"), ("audience",), ("month",))
SAMPLE = 20


def state() -> dict[str, Any]:
    """Return the head of the audit, all figures, and what the keys open, as JSON."""
    chain = verify_chain()
    newest = Identity.objects.order_by("-pk").values_list("person_id", flat=True)[:SAMPLE]
    return {
        "audit": {"entries": chain.entries, "head": chain.head, "intact": chain.intact},
        "identities": {"count": Identity.objects.count(), "opened": len(identities_of(newest))},
        "second_steps": _second_steps(),
        "figures": [_figures(year, by) for year in years() for by in SLICES],
    }


def _second_steps() -> dict[str, int]:
    found = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    sealed = [data["secret"] for data in found.values_list("data", flat=True)]
    return {"count": len(sealed), "opened": sum(map(opens, sealed))}


def _figures(year: int, by: tuple[str, ...]) -> dict[str, Any]:
    """Return one report as its JSON, without the moment at which it was asked for."""
    through = _last_month(year)
    document = figures(FigureQuery(year=year, through_month=through, by=by)).as_json()
    del document["as_of"]
    return document


def _last_month(year: int) -> int:
    latest = latest_period()
    return latest.through_month if latest and latest.year == year else 12

"""What the page of a national agreement shows of the provincial ones."""

from typing import Any

from django.http import HttpRequest

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement, Level
from tafahom.agreements.rules import AMENDABLE_STATES
from tafahom.figures.levels import provinces_of
from tafahom.figures.queries import latest_period
from tafahom.gate.permissions import allows
from tafahom.jalali import MonthSpan, to_jalali, today


def levels_context(request: HttpRequest, agreement: Agreement) -> dict[str, Any]:
    """Return the further bodies and, of a national agreement, how the provinces stand.

    Of the latest year with figures; of the present one without any.
    """
    found: dict[str, Any] = {"parties": agreement.parties.select_related("partner")}
    if agreement.parent_id:
        found["national_shares"] = agreement.national_shares.select_related("commitment").order_by(
            "-commitment__year", "commitment__measure"
        )
    if agreement.level == Level.NATIONAL:
        sees_figures = allows(request, Act.SEE_FIGURES)
        latest = latest_period() if sees_figures else None
        period = latest or MonthSpan(to_jalali(today())[0], 1, 12)
        found["provinces"] = provinces_of(agreement, period, sees_figures=bool(latest))
        found["may_implement"] = agreement.state in AMENDABLE_STATES
    return found

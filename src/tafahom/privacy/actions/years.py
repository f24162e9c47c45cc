"""For how many years names are kept: asked for by one person, confirmed by another."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.requests import actions as requests
from tafahom.access.requests.rules import RequestState
from tafahom.access.rules import Act
from tafahom.audit.actions import record
from tafahom.privacy.actions.retention import check_years, set_years
from tafahom.privacy.models import YearsRequest
from tafahom.privacy.queries import retention_rules
from tafahom.refusals import Refusal


@transaction.atomic
def ask_years(years: Mapping[str, int], *, by: User) -> YearsRequest:
    """Ask for other years, by the audience's code; nothing changes by that.

    Raises Refusal when a request waits already, ValueError for years that cannot be.
    """
    end_lapsed_years()
    for code, number in years.items():
        check_years(code, number)
    if YearsRequest.objects.filter(state=RequestState.WAITING).exists():
        raise Refusal("request.open")
    now = {rule.code: rule.years for rule in retention_rules()}
    before = {code: now[code] for code in years}
    request = YearsRequest.objects.create(years=dict(years), before=before, asked_by=by)
    _note("asked", request, by=by)
    return request


@transaction.atomic
def confirm_years(request: YearsRequest, *, by: User) -> None:
    """Let the years be as somebody else asked. Raises Refusal."""
    _refuse_decider(by)
    if request.asked_by and scope_of(request.asked_by, Act.SET_RETENTION).is_nothing:
        raise Refusal("request.asker")
    requests.decide(request, RequestState.CONFIRMED, by=by)
    _note("confirmed", request, by=by)
    for code, number in request.years.items():
        set_years(audience_code=code, years=number, asked=request, by=by)


@transaction.atomic
def refuse_years(request: YearsRequest, *, note: str, by: User) -> None:
    """Say no to years that somebody else asked for, and why. Raises Refusal."""
    _refuse_decider(by)
    requests.decide(request, RequestState.REFUSED, note=note, by=by)
    _note("refused", request, by=by)


@transaction.atomic
def withdraw_years(request: YearsRequest, *, by: User) -> None:
    """Take one's own request back. Raises Refusal."""
    requests.withdraw(request, by=by)
    _note("withdrawn", request, by=by)


@transaction.atomic
def end_lapsed_years() -> None:
    """End requests that nobody decided in time."""
    for request in requests.lapse(YearsRequest.objects.all()):
        _note("lapsed", request, by=None)


def _refuse_decider(by: User) -> None:
    if scope_of(by, Act.CONFIRM_RETENTION_YEARS).is_nothing:
        raise Refusal("request.right")


def _note(what: str, request: YearsRequest, *, by: User | None) -> None:
    details: dict[str, Any] = {"years": request.years, "before": request.before}
    if request.note:
        details |= {"reason": request.note}
    record(
        action=f"privacy.years_{what}",
        target=f"years_request:{request.uid}",
        details=details,
        by=by,
    )

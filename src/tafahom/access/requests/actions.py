"""Deciding what somebody else asked for; what follows from it is done by who calls this."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from tafahom.access.models import User
from tafahom.access.requests.models import TwoPersonRequest
from tafahom.access.requests.rules import RequestState
from tafahom.refusals import Refusal


def decide(
    request: TwoPersonRequest,
    state: RequestState,
    *,
    note: str = "",
    by: User | None,
    operator: str = "",
) -> None:
    """Confirm or refuse a request. Raises Refusal for who asked, and when it waits no longer."""
    if by is not None and by.pk == request.asked_by_id:
        raise Refusal("request.own")
    _leave(
        request,
        state,
        decided_by=by,
        decided_by_operator="" if by else operator,
        decided_at=timezone.now(),
        note=note,
    )


def withdraw(request: TwoPersonRequest, *, by: User) -> None:
    """Take one's own request back. Raises Refusal."""
    if request.asked_by_id != by.pk:
        raise Refusal("request.not_yours")
    _leave(request, RequestState.WITHDRAWN)


def lapse(requests: QuerySet[Any]) -> list[Any]:
    """End those of these requests that nobody decided in time; return them."""
    over = requests.filter(state=RequestState.WAITING, lapses_at__lte=timezone.now())
    return [
        one
        for one in over
        if requests.filter(pk=one.pk, state=RequestState.WAITING).update(state=RequestState.LAPSED)
    ]


def _leave(request: TwoPersonRequest, state: RequestState, **changes: Any) -> None:
    """Move on from waiting, once. Raises Refusal when it does not wait any more."""
    rows = type(request)._default_manager.filter(
        pk=request.pk, state=RequestState.WAITING, lapses_at__gt=timezone.now()
    )
    if not rows.update(state=state, **changes):
        raise Refusal("request.state")
    request.refresh_from_db()

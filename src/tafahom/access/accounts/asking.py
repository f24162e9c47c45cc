"""What needs two persons with accounts: one asks, another confirms, then it is done.

Where an account or role sees nobody, the same functions do it at once. Who works on the machine
is named by ``operator`` and has no account there (``by`` is None): see ``may_decide_at_machine``.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import transaction

from tafahom.access.accounts import managing
from tafahom.access.accounts.actions import target_of
from tafahom.access.accounts.managing import Link
from tafahom.access.accounts.queries import (
    confirmers,
    is_in_use,
    may_decide_at_machine,
    needs_two_persons,
)
from tafahom.access.accounts.rules import GIVEN_BY_TWO, RequestKind
from tafahom.access.actions import Of, check_fitting, give_role
from tafahom.access.models import FIELDS, AccountRequest, User
from tafahom.access.queries import scope_of
from tafahom.access.requests import actions as requests
from tafahom.access.requests.rules import RequestState
from tafahom.access.rules import Act, Part, Role
from tafahom.audit.actions import record
from tafahom.refusals import Refusal


@transaction.atomic
def invite(
    *,
    username: str,
    email: str = "",
    first_name: str = "",
    last_name: str = "",
    role: Role,
    part: Part | None = None,
    of: Of = None,
    valid_to: dt.date | None = None,
    reason: str = "",
    by: User | None,
    operator: str = "",
) -> Link:
    """Open an account without a password, with a role or a request for it; return its link.

    Raises ValidationError for a taken name or address, or a role that can not be given so.
    """
    user = managing.make_account(
        username=username, email=email, first_name=first_name, last_name=last_name, by=by
    )
    add_role(
        user,
        role=role,
        part=part,
        of=of,
        valid_to=valid_to,
        reason=reason,
        by=by,
        operator=operator,
    )
    return managing.make_link(user, by=by)


@transaction.atomic
def add_role(
    user: User,
    *,
    role: Role,
    part: Part | None = None,
    of: Of = None,
    valid_to: dt.date | None = None,
    reason: str = "",
    by: User | None,
    operator: str = "",
) -> AccountRequest | None:
    """Give a role, or ask for one that sees people; return the request where it waits.

    Raises ValidationError as ``give_role``, Refusal for one's own account and when
    the same waits already.
    """
    _refuse_own(user, by)
    check_fitting(role, part, of)
    if role not in GIVEN_BY_TWO:
        give_role(user=user, role=role, part=part, of=of, valid_to=valid_to, by=by)
        return None
    where = {"role": role.value} | ({FIELDS[part]: of} if part else {})
    request, _link = _ask(
        user,
        RequestKind.ROLE,
        where=where,
        valid_to=valid_to,
        reason=reason,
        by=by,
        operator=operator,
    )
    return _waiting(request)


@transaction.atomic
def renew_link(
    user: User, *, reason: str = "", by: User | None, operator: str = ""
) -> Link | AccountRequest:
    """Give an account a new link, or ask for one where its holder would come in as who sees people.

    Before somebody came in by it, an account is nobody's: its link is made again at once.
    """
    _refuse_own(user, by)
    if not (is_in_use(user) and needs_two_persons(user)):
        return managing.make_link(user, by=by)
    request, link = _ask(user, RequestKind.PASSWORD, reason=reason, by=by, operator=operator)
    return link or request


@transaction.atomic
def take_second_step(
    user: User, *, reason: str, by: User | None, operator: str = ""
) -> AccountRequest | None:
    """Take away the second step of who lost it, or ask for it; return the request that waits."""
    _refuse_own(user, by)
    if not needs_two_persons(user):
        managing.reset_second_factor(user, reason=reason, by=by)
        return None
    request, _link = _ask(user, RequestKind.SECOND_STEP, reason=reason, by=by, operator=operator)
    return _waiting(request)


@transaction.atomic
def open_again(user: User, *, reason: str, by: User) -> AccountRequest | None:
    """Let a closed account in again, or ask for it; return the request that waits."""
    _refuse_own(user, by)
    if not needs_two_persons(user):
        managing.open_account(user, reason=reason, by=by)
        return None
    request, _link = _ask(user, RequestKind.OPENING, reason=reason, by=by, operator="")
    return _waiting(request)


@transaction.atomic
def confirm(request: AccountRequest, *, by: User | None, operator: str = "") -> Link | None:
    """Do what somebody else asked for; return the link where it was one. Raises Refusal."""
    _refuse_decider(request, by)
    if request.asked_by and scope_of(request.asked_by, Act.MANAGE_ACCOUNTS).is_nothing:
        raise Refusal("request.asker")
    requests.decide(request, RequestState.CONFIRMED, by=by, operator=operator)
    _note("confirmed", request, by=by)
    return _EFFECTS[RequestKind(request.kind)](request)


@transaction.atomic
def refuse(request: AccountRequest, *, note: str, by: User | None, operator: str = "") -> None:
    """Say no to what somebody else asked for, and why. Raises Refusal."""
    _refuse_decider(request, by)
    requests.decide(request, RequestState.REFUSED, note=note, by=by, operator=operator)
    _note("refused", request, by=by)


@transaction.atomic
def withdraw(request: AccountRequest, *, by: User) -> None:
    """Take one's own request back. Raises Refusal."""
    requests.withdraw(request, by=by)
    _note("withdrawn", request, by=by)


@transaction.atomic
def end_lapsed() -> int:
    """End requests that nobody decided in time; how many there were."""
    over = requests.lapse(AccountRequest.objects.all())
    for request in over:
        _note("lapsed", request, by=None)
    return len(over)


def _ask(
    user: User,
    kind: RequestKind,
    *,
    where: dict[str, Any] | None = None,
    valid_to: dt.date | None = None,
    reason: str,
    by: User | None,
    operator: str,
) -> tuple[AccountRequest, Link | None]:
    """Write a request down; at the machine, where no account could confirm it, it is done at once.

    Return it, and the link where it was one and is made.
    """
    end_lapsed()
    of = {"user": user, "kind": kind.value, **(where or {})}
    if AccountRequest.objects.filter(**of, state=RequestState.WAITING).exists():
        raise Refusal("request.open")
    request = AccountRequest.objects.create(
        **of, valid_to=valid_to, reason=reason, asked_by=by, operator="" if by else operator
    )
    _note("made", request, by=by)
    if by is None and not confirmers(request).exists():
        return request, confirm(request, by=None, operator=operator)
    return request, None


def _waiting(request: AccountRequest) -> AccountRequest | None:
    return request if request.waits else None


def _refuse_own(user: User, by: User | None) -> None:
    if by and user.pk == by.pk:
        raise Refusal("account.self")


def _refuse_decider(request: AccountRequest, by: User | None) -> None:
    """Raise Refusal for who may not decide a request."""
    if by is None:
        if not may_decide_at_machine(request):
            raise Refusal("request.others")
        return
    if by.pk == request.user_id:
        raise Refusal("request.about_you")
    if scope_of(by, Act.CONFIRM_ACCOUNTS).is_nothing:
        raise Refusal("request.right")


def _give(request: AccountRequest) -> None:
    give_role(
        user=request.user,
        role=Role(request.role),
        part=request.part,
        of=request.of,
        valid_to=request.valid_to,
        asked=request,
        by=request.decided_by,
    )


def _reset(request: AccountRequest) -> None:
    managing.reset_second_factor(request.user, reason=request.reason, by=request.decided_by)


def _link_to(request: AccountRequest) -> Link:
    return managing.make_link(request.user, by=request.decided_by)


def _open(request: AccountRequest) -> None:
    managing.open_account(request.user, reason=request.reason, by=request.decided_by)


_EFFECTS: dict[RequestKind, Callable[[AccountRequest], Link | None]] = {
    RequestKind.ROLE: _give,
    RequestKind.SECOND_STEP: _reset,
    RequestKind.PASSWORD: _link_to,
    RequestKind.OPENING: _open,
}


def _note(what: str, request: AccountRequest, *, by: User | None) -> None:
    """Record a step of a request; who has no account is named as they named themselves."""
    details: dict[str, Any] = {"request": request.uid, "kind": request.kind}
    if request.role:
        of = request.of
        details |= {"role": request.role, "part": request.part, "of": getattr(of, "pk", of)}
    operator = request.operator if what == "made" else request.decided_by_operator
    if operator:
        details["operator"] = operator
    if request.note:
        details["reason"] = request.note
    record(action=f"access.request_{what}", target=target_of(request.user), details=details, by=by)

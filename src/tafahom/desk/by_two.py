"""What two persons do with accounts, roles and retention, for the work list."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafahom.access.accounts.queries import roles_to_review, told_requests, waiting_requests
from tafahom.access.accounts.rules import REVIEW_URGENT_AFTER, REVIEWED_EVERY
from tafahom.access.models import AccountRequest, Membership, User
from tafahom.access.queries import scope_in
from tafahom.access.requests.rules import RequestState
from tafahom.access.rules import Act
from tafahom.desk.matters import Matter, Need, of_request
from tafahom.localised import number
from tafahom.privacy.queries import waiting_years


def by_two(user: User, held: list[Membership]) -> Iterator[Need]:
    """Give what waits for a second person, or was refused, and roles to confirm again."""
    if not scope_in(held, Act.CONFIRM_ACCOUNTS).is_nothing:
        yield from _to_confirm(user)
        yield from _to_review(user)
    if not scope_in(held, Act.MANAGE_ACCOUNTS).is_nothing:
        yield from _told(user)
    if not scope_in(held, Act.CONFIRM_RETENTION_YEARS).is_nothing:
        yield from _years(user)


def _to_confirm(user: User) -> Iterator[Need]:
    def say(one: AccountRequest) -> str:
        said = _("{who} asked for this; a second person has to confirm or refuse it.")
        return said.format(who=one.asker)

    for one in waiting_requests().exclude(asked_by=user).exclude(user=user):
        urgent = 0 if one.lapses_at - timezone.now() < dt.timedelta(days=2) else 1
        yield Need("access", urgent, partial(say, one), of_request(one), localdate(one.asked_at))


def _told(user: User) -> Iterator[Need]:
    def say(one: AccountRequest) -> str:
        if one.state == RequestState.REFUSED:
            return _("Refused by {who}: {note}").format(who=one.decider, note=one.note)
        return _("Nobody confirmed it in time. Ask again if it is still needed.")

    for one in told_requests(user):
        day = localdate(one.decided_at or one.lapses_at)
        yield Need("refused", 1, partial(say, one), of_request(one), day)


def _to_review(user: User) -> Iterator[Need]:
    def say(count: int) -> str:
        said = ngettext(
            "{n} role was not confirmed for half a year.",
            "{n} roles were not confirmed for half a year.",
            count,
        )
        return said.format(n=number(count))

    due = list(roles_to_review().exclude(user=user).values_list("confirmed_at", flat=True))
    if due:
        since = due[0] + REVIEWED_EVERY
        urgent = 0 if timezone.now() - since > REVIEW_URGENT_AFTER else 1
        about = Matter(_("Accounts"), lambda: _("Roles to confirm again"), "role_reviews")
        yield Need("review", urgent, partial(say, len(due)), about, localdate(since))


def _years(user: User) -> Iterator[Need]:
    def say(who: str) -> str:
        said = _("{who} wants names to be kept for other years; a second person has to confirm it.")
        return said.format(who=who)

    for one in waiting_years().exclude(asked_by=user):
        about = Matter(_("How long names are kept"), lambda: _("Years"), "retention")
        yield Need("years", 1, partial(say, one.asker), about, localdate(one.asked_at))

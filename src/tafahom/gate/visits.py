"""How long a visit lasts: so long without a sign of life, and so long in all."""

import time
from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tafahom.access.accounts.actions import record_sign_out
from tafahom.access.accounts.rules import FRESH_SECONDS, why_over
from tafahom.access.models import User

# A sign of life is written down at most so often: pages need not write to be read.
NOTED_EVERY_SECONDS = 30
# Names in the session; moments are seconds since the epoch.
BEGUN: Final = "visit_begun"
SEEN: Final = "visit_seen"


def begin(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    """Note when a visit began: Django calls it whenever somebody is logged in, by any way."""
    request.session[BEGUN] = request.session[SEEN] = time.time()


class VisitLimits:
    """Ends a visit that is over; the page then leads to the log-in, and from there back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, after a look at the clock."""
        if isinstance(request.user, User):
            self._look(request, request.user)
        return self.get_response(request)

    def _look(self, request: HttpRequest, user: User) -> None:
        now, session = time.time(), request.session
        why = why_over(
            begun=session.get(BEGUN, 0),
            seen=session.get(SEEN, 0),
            now=now,
            idle_seconds=settings.IDLE_MINUTES * 60,
            longest_seconds=settings.SESSION_COOKIE_AGE,
        )
        if why:
            logout(request)
            record_sign_out(user=user, why=why)
            messages.warning(request, _said(why))
        elif now - session[SEEN] >= NOTED_EVERY_SECONDS:
            session[SEEN] = now


def is_fresh(request: HttpRequest) -> bool:
    """Whether the visit has just begun."""
    return time.time() - float(request.session.get(BEGUN, 0)) < FRESH_SECONDS


def keep_this_visit(request: HttpRequest, user: User) -> None:
    """Keep this visit when all others of the account end; its session gets a new key."""
    update_session_auth_hash(request, user)


def _said(why: str) -> str:
    if why == "idle":
        return _("You were away for a while, so your visit was ended. Log in to go on.")
    return _("Your visit has lasted as long as one may. Log in to go on.")

"""What is said to who has to wait: tried too often, or read too many names."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime, now

from tafahom.access.accounts.rules import LOCKED_FOR
from tafahom.gate.limits import TooOftenError
from tafahom.privacy.actions.readings import SlowDownError


class Waits:
    """Answers 429 with the time to wait when a view was asked too often; it did nothing then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page that says how long; None for what is no question of time."""
        if isinstance(error, TooOftenError):
            return _too_often(request, error.seconds)
        if isinstance(error, SlowDownError):
            return _names_wait(request, error.seconds)
        return None


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, credentials: object = None
) -> HttpResponse:
    """Answer somebody who failed too often; the same whether there is such an account or not."""
    return _too_often(request, int(LOCKED_FOR.total_seconds()))


def _too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    return _page(request, "shell/too_many.html", {"minutes": -(-seconds // 60)}, seconds)


def _names_wait(request: HttpRequest, seconds: int) -> HttpResponse:
    comes = localtime(now() + dt.timedelta(seconds=seconds + 59))  # to the minute, and not before
    context = {"minutes": -(-seconds // 60), "time": comes.strftime("%H:%M")}
    return _page(request, "shell/names_wait.html", context, seconds)


def _page(
    request: HttpRequest, template: str, context: dict[str, Any], seconds: int
) -> HttpResponse:
    response = render(request, template, context, status=429)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "private, no-store"
    return response

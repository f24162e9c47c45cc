"""How often one place may try what is open to strangers."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest


class TooOftenError(Exception):
    """It was tried too often; it may go on after so many seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many attempts in so many seconds, counted for each value of ``of``."""

    most: int
    seconds: int
    of: Callable[[HttpRequest], str]


def client_address(request: HttpRequest) -> str:
    """Return the address of who asks.

    Only what our own proxies added (``TAFAHOM_PROXIES`` of them) is believed of the header.
    """
    if settings.PROXIES:
        passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(passed) >= settings.PROXIES:
            return str(passed[-settings.PROXIES]).strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def limited(
    name: str, limits: Sequence[Limit], *, methods: Sequence[str] = ("GET", "POST")
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Raise TooOftenError once a limit of a view is reached, until its time has passed."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method in methods:
                # All are counted, or one limit would hide attempts from another.
                waits = [wait for limit in limits if (wait := _wait(name, limit, request))]
                if waits:
                    raise TooOftenError(max(waits))
            return view(request, *args, **kwargs)

        guarded.limits = tuple(limits)  # type: ignore[attr-defined]  # read by the test of all pages
        return guarded

    return decorate


def _wait(name: str, limit: Limit, request: HttpRequest) -> int:
    """Count this attempt; return the seconds to wait, 0 when it may go on.

    Two attempts at the very same moment may count as one: the cache does not lock.
    """
    value = hashlib.sha256(limit.of(request).encode()).hexdigest()[:32]
    window, passed = divmod(int(time.time()), limit.seconds)
    key = f"{name}:{limit.most}:{window}:{value}"
    count = caches["limits"].get(key, 0) + 1
    caches["limits"].set(key, count, timeout=limit.seconds)
    return limit.seconds - passed if count > limit.most else 0

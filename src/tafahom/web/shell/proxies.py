"""More proxies than the settings name: then nobody can tell who asks, so nobody is answered."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger(__name__)


def named_proxies_only(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Answer 400 in production where ``X-Forwarded-For`` has more addresses than proxies are named.

    Either a proxy is not named, and all visitors would share the limits of one address, or the
    first proxy passes on what visitors write into the header themselves.
    """

    def look(request: HttpRequest) -> HttpResponse:
        found = hops(request)
        if not settings.PRODUCTION or found <= settings.PROXIES:
            return get_response(request)
        log.error(
            "X-Forwarded-For has %s addresses, TAFAHOM_PROXIES names %s: set TAFAHOM_PROXIES to the"
            " number of your proxies, and let the first replace the header.",
            found,
            settings.PROXIES,
        )
        context = {"found": found, "named": settings.PROXIES}
        return render(request, "shell/too_many_proxies.html", context, status=400)

    return look


def hops(request: HttpRequest) -> int:
    """Return how many addresses proxies say that they passed a request on for."""
    passed = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    return sum(bool(address.strip()) for address in passed)

"""Answers where no view could answer: each is a page in the language of the reader."""

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views import defaults

from tafahom.operations.database_faults import sentence

RETRY_SECONDS = 30
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 where the database is away, without asking it for anything; 500 else."""
    if sentence(sys.exc_info()[1]) is None:
        return defaults.server_error(request)
    answer = HttpResponse(render_to_string("503.html"), status=503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    answer["Cache-Control"] = "no-store"
    return answer


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 413 to what is too much, 400 to what cannot be read."""
    if isinstance(exception, TOO_LARGE):
        return _too_large(request)
    return defaults.bad_request(request, exception)


def plain_answers(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give "method not allowed" a page, and turn away what is too large before it is read."""

    def answer(request: HttpRequest) -> HttpResponse:
        if _length(request) > settings.LARGEST_REQUEST:
            return _too_large(request)
        response = get_response(request)
        if response.status_code == 405 and not response.streaming and not response.content:
            page = render(request, "405.html", status=405)
            page["Allow"] = response["Allow"]
            return page
        return response

    return answer


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def _too_large(request: HttpRequest) -> HttpResponse:
    context = {"megabytes": settings.LARGEST_REQUEST // 2**20}
    answer = render(request, "413.html", context, status=413)
    answer["Connection"] = "close"
    return answer

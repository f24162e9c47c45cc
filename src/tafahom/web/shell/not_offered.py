"""Questions about figures that who asks may not put: refused with a sentence, whichever page asked."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tafahom.figures.disclosure.family import NotOfferedError


class NotOffered:
    """Answers 403 with the reason where a view asked for figures that are not offered to who asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page that says why; None for what is not such a question."""
        if not isinstance(error, NotOfferedError):
            return None
        return render(request, "shell/not_offered.html", {"reason": str(error)}, status=403)

"""A write into a closed month that no page foresaw: said in words, not as a fault of ours."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tafahom.periods.messages import closed_sentence, refusal_in


class ClosedMonths:
    """Answers 409 with the reason when a view's write was refused; nothing was written then."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page for a refused write; None for what is not one."""
        refusal = refusal_in(error)
        if refusal is None:
            return None
        return render(
            request, "shell/closed_month.html", {"said": closed_sentence(refusal)}, status=409
        )

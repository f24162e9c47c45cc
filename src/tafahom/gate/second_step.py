"""Who may see whom must prove twice who they are, before anything else opens."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from tafahom.access.accounts.rules import NEEDS_SECOND_FACTOR
from tafahom.access.models import User
from tafahom.gate.permissions import holds

PROVED = "second_factor_of"


def open_before_second_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view also to those who have not proved twice who they are: the way to do so."""
    view.before_second_factor = True  # type: ignore[attr-defined]  # read by the gate
    return view


def note_second_factor(request: HttpRequest, user: User) -> None:
    """Note that in this visit the account was proved twice."""
    request.session[PROVED] = user.pk


def forget_second_factor(request: HttpRequest) -> None:
    """Note that the account has no second factor any more."""
    request.session.pop(PROVED, None)


def must_prove_twice(request: HttpRequest) -> bool:
    """Whether who asks holds a role that sees who people are."""
    return any(holds(request, act) for act in NEEDS_SECOND_FACTOR)


class SecondFactorGate:
    """Leads to enrolment, or to the second proof, where the installation insists on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; the look is at the view, see below."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """Let through, or lead to where the proof is made."""
        user = request.user
        if not settings.SECOND_FACTOR_REQUIRED or not isinstance(user, User):
            return None
        if request.session.get(PROVED) == user.pk or hasattr(view, "before_second_factor"):
            return None
        if not must_prove_twice(request):
            return None
        factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
        place = reverse("mfa_reauthenticate" if factor.exists() else "mfa_activate_totp")
        if request.headers.get("HX-Request"):
            return HttpResponseClientRedirect(place)
        return HttpResponseRedirect(place)

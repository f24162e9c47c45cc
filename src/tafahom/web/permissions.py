"""Who may see which page: a view says what act it is, everything else is closed."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from tafahom.access.models import User
from tafahom.access.queries import roles_of
from tafahom.access.rules import Act, Role, may

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def requires(act: Act) -> Callable[[View[P]], View[P]]:
    """Open a view to those who may do this: strangers log in first, others get "not found".

    Pages are never kept by the browser: office computers are shared.
    """

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not allows(request, act):
                raise Http404
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.act = act  # type: ignore[attr-defined]  # read by the test that walks all pages
        return guarded

    return decorate


def logged_in(view: View[P]) -> View[P]:
    """Open a view to everyone who has logged in."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_login(request)
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    guarded.act = "logged in"  # type: ignore[attr-defined]  # as above
    return guarded


def everyone(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view to strangers too: say so at the view, or it is an oversight."""
    view.act = "everyone"  # type: ignore[attr-defined]  # as above
    return view


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """Lead to the log-in page and back; the whole page goes there, not the part htmx asked for."""
    to_login = redirect_to_login(request.get_full_path())
    if request.headers.get("HX-Request"):
        return HttpResponseClientRedirect(to_login.url)
    return to_login


def allows(request: HttpRequest, act: Act) -> bool:
    """Whether who asks may do this; the roles are read once in a request."""
    held: set[Role] | None = getattr(request, "_tafahom_roles", None)
    if held is None:
        held = roles_of(request.user)
        request._tafahom_roles = held  # type: ignore[attr-defined]  # kept for this request
    return may(held, act)


def account_of(request: HttpRequest) -> User:
    """Return who asks, in a view that has made sure that somebody does."""
    assert isinstance(request.user, User)  # such a view requires an act, hence a log-in
    return request.user

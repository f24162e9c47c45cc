"""Who may see which page: a view says what act it is, everything else is closed.

A view runs in the scope of who asks: what lies outside it is not found.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control
from django_htmx.http import HttpResponseClientRedirect

from tafahom.access.models import Membership, User
from tafahom.access.queries import memberships_of, scope_in
from tafahom.access.rules import PERMISSIONS
from tafahom.scoping import Scope, current_scope, no_scope, scoped_to

P = ParamSpec("P")
View: TypeAlias = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def requires(act: str) -> Callable[[View[P]], View[P]]:
    """Open a view to those who may do this: strangers log in first, others get "not found".

    Pages are never kept by the browser: office computers are shared. Raises ValueError for an act
    that no role gives (``access.rules``).
    """
    if act not in PERMISSIONS:
        raise ValueError(f"no role gives {act}")

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_login(request)
            if not holds(request, act):
                raise Http404
            with seen_by(request, act):
                response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_store=True)
            return response

        guarded.act = act  # type: ignore[attr-defined]  # read by the test that walks all pages
        return guarded

    return decorate


def logged_in(view: View[P]) -> View[P]:
    """Open a view to everyone who has logged in; what it shows of scoped tables it must enter."""

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


def holds(request: HttpRequest, act: str) -> bool:
    """Whether who asks may do this somewhere."""
    return not scope_for(request, act).is_nothing


def allows(request: HttpRequest, act: str) -> bool:
    """Whether who asks may do this wherever the page looks now, and not in a part of it only."""
    found = scope_for(request, act)
    return not found.is_nothing and found.covers(current_scope())


def scope_for(request: HttpRequest, act: str) -> Scope:
    """Return where who asks may do this."""
    return scope_in(_memberships(request), act)


def seen_by(request: HttpRequest, act: str) -> AbstractContextManager[Scope]:
    """Enter the scope of who asks, for an act; it knows whether they may see statuses in it."""
    return scoped_to(scope_for(request, act))


def begin_without_scope(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: a request sees nothing of scoped tables until its view says for whom it asks."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with no_scope():
            return get_response(request)

    return middleware


def _memberships(request: HttpRequest) -> list[Membership]:
    """Return what who asks holds, read once in a request."""
    held: list[Membership] | None = getattr(request, "_tafahom_held", None)
    if held is None:
        held = memberships_of(request.user)
        request._tafahom_held = held  # type: ignore[attr-defined]  # kept for this request
    return held


def account_of(request: HttpRequest) -> User:
    """Return who asks, in a view that has made sure that somebody does."""
    assert isinstance(request.user, User)  # such a view requires an act, hence a log-in
    return request.user

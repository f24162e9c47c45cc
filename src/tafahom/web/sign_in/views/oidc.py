"""The way to the organisation's log-in and back."""

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import everyone
from tafahom.web.sign_in.oidc import NOT_REACHED, PROVIDER, CheckedAdapter, refused

OFTEN = (Limit(60, 300, client_address),)


@everyone
@never_cache
@require_POST
@limited("oidc", OFTEN)
def oidc_begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Lead to the organisation's log-in."""
    return _through(OAuth2LoginView, request, provider_id)


@everyone
@never_cache
@require_GET
@limited("oidc", OFTEN)
def oidc_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Come back from it: in, on to the second step, or to our log-in page."""
    return _through(OAuth2CallbackView, request, provider_id)


def _through(
    view: type[OAuth2LoginView] | type[OAuth2CallbackView], request: HttpRequest, provider_id: str
) -> HttpResponse:
    if not settings.OIDC_ISSUER or provider_id != PROVIDER:
        raise Http404
    if request.user.is_authenticated:
        return redirect("web:home")
    try:
        answer: HttpResponse = view.adapter_view(CheckedAdapter(request, provider_id))(request)
    except NOT_REACHED:
        return refused(request)
    return answer

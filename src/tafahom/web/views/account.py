"""Coming in, going out, and how pages look to whoever reads them."""

from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from tafahom.web.forms import LogInForm
from tafahom.web.limits import Limit, client_address, limited
from tafahom.web.permissions import everyone
from tafahom.web.templatetags.tafahom import THEMES

YEAR_IN_SECONDS = 365 * 24 * 3600


def _account_from(request: HttpRequest) -> str:
    """Return the account that is tried and from where: nobody locks another one out."""
    return f"{client_address(request)} {request.POST.get('username', '')[:150].lower()}"


# An office shares one address; one account is tried by one person.
ATTEMPTS = (Limit(60, 300, client_address), Limit(10, 900, _account_from))

login = everyone(
    limited("login", ATTEMPTS, methods=["POST"])(
        LoginView.as_view(
            template_name="web/login.html",
            authentication_form=LogInForm,
            redirect_authenticated_user=True,
        )
    )
)
logout = everyone(LogoutView.as_view())
set_language = everyone(require_POST(django_set_language))


@everyone
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep the chosen appearance in a cookie and go back to the page."""
    response = HttpResponseRedirect(_safe_next(request))
    chosen = request.POST.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "theme", chosen, max_age=YEAR_IN_SECONDS, samesite="Lax", secure=request.is_secure()
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


def _safe_next(request: HttpRequest) -> str:
    """Return the page to go back to, if it is ours."""
    address = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else resolve_url("web:home")

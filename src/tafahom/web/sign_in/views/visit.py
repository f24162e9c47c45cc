"""Coming in, going out, and how pages look to whoever reads them."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout as end_visit
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from tafahom.access.accounts.actions import record_sign_out
from tafahom.access.models import User
from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import everyone
from tafahom.gate.second_step import open_before_second_factor
from tafahom.web.shell.templatetags.tafahom import THEMES
from tafahom.web.sign_in.forms import LogInForm

YEAR_IN_SECONDS = 365 * 24 * 3600


# An office shares one address. An account, and an address, lock by their failures besides.
ATTEMPTS = (Limit(60, 300, client_address),)


class _LogIn(LoginView):
    """The password; who has a second factor is asked for it before the visit begins."""

    template_name = "sign_in/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the organisation's log-in, where there is one."""
        oidc = {"oidc": bool(settings.OIDC_ISSUER), "oidc_name": settings.OIDC_NAME}
        return super().get_context_data(**kwargs) | oidc

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Go on to the second factor or come in."""
        # Whoever planted the session of a stranger shall not watch it become that of a user.
        self.request.session.cycle_key()
        answer: HttpResponse = perform_login(
            self.request, form.get_user(), redirect_url=self.get_success_url()
        )
        return answer


login = everyone(limited("login", ATTEMPTS, methods=["POST"])(_LogIn.as_view()))


@everyone
@open_before_second_factor
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the visit."""
    user = request.user
    end_visit(request)
    if isinstance(user, User):
        record_sign_out(user=user, why="asked")
    return HttpResponseRedirect(resolve_url("web:login"))


set_language = everyone(open_before_second_factor(require_POST(django_set_language)))


@everyone
@open_before_second_factor
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

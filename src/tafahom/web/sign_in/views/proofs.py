"""One's own proofs: the second factor, recovery codes, the password."""

from collections.abc import Callable
from typing import Any

import segno
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeAgainView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.db import transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tafahom.access.accounts.actions import factor_changed, password_changed
from tafahom.access.rules import Act
from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import account_of, everyone, holds, logged_in
from tafahom.gate.second_step import (
    forget_second_factor,
    must_prove_twice,
    note_second_factor,
    open_before_second_factor,
)
from tafahom.gate.visits import keep_this_visit
from tafahom.web.sign_in.forms import NewPasswordForm

# So few recovery codes left are a reason to make new ones.
FEW_CODES = 3
# In the session while new recovery codes are being written down; they are shown no more after.
SHOWING = "recovery_codes_shown"
GUESSES = (Limit(60, 300, client_address),)


def _form(view: Callable[..., Any]) -> Callable[..., Any]:
    """Open a view of the library to who has come in; forms are looked at and sent, no more."""
    return require_http_methods(["GET", "HEAD", "POST"])(logged_in(view))


class _Enrol(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Set the second factor up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture for the app, drawn into the page itself."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[place : place + 4] for place in range(0, len(secret), 4)]
        return context | {
            "picture": _picture(context["totp_url"]),
            "secret": " ".join(groups),
            "is_required": settings.SECOND_FACTOR_REQUIRED and must_prove_twice(self.request),
        }

    def form_valid(self, form: Form) -> HttpResponse:
        """Keep the factor, end the other visits and show the recovery codes."""
        user = account_of(self.request)
        with transaction.atomic():
            super().form_valid(form)
            factor_changed(user=user, what="added", by=user)
        keep_this_visit(self.request, user)
        note_second_factor(self.request, user)
        self.request.session[SHOWING] = True
        return redirect("mfa_view_recovery_codes")


class _Remove(DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """Take the second factor away, to set up another."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Remove it and end the other visits."""
        user = account_of(self.request)
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor_changed(user=user, what="removed", by=user)
        keep_this_visit(self.request, user)
        forget_second_factor(self.request)
        messages.success(self.request, _("The second step was removed."))
        return answer


class _NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]  # allauth has no types
    """Make new recovery codes; those of before are void."""

    def form_valid(self, form: Form) -> HttpResponse:
        """Make them and show them once."""
        user = account_of(self.request)
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor_changed(user=user, what="codes_made", by=user)
        keep_this_visit(self.request, user)
        self.request.session[SHOWING] = True
        return answer


class _ChangePassword(PasswordChangeView):
    """A new password, whenever its owner likes."""

    template_name = "account/password_change.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:
        """Keep it; the other visits end."""
        user = account_of(self.request)
        with transaction.atomic():
            answer = super().form_valid(form)
            password_changed(user=user, by=user)
        messages.success(self.request, _("Your password was changed."))
        return answer


authenticate = everyone(
    limited("second_factor", GUESSES, methods=["POST"])(
        open_before_second_factor(
            require_http_methods(["GET", "HEAD", "POST"])(AuthenticateView.as_view())
        )
    )
)
confirm_password = _form(open_before_second_factor(ReauthenticateView.as_view()))
confirm_code = _form(open_before_second_factor(CodeAgainView.as_view()))
enrol = _form(open_before_second_factor(_Enrol.as_view()))
remove = _form(_Remove.as_view())
new_codes = _form(_NewCodes.as_view())
change_password = _form(
    limited("password", (Limit(10, 900, lambda request: str(request.user.pk)),), methods=["POST"])(
        _ChangePassword.as_view()
    )
)


@require_GET
@logged_in
def index(request: HttpRequest) -> HttpResponse:
    """Show by what one proves who one is."""
    factors = {one.type: one for one in Authenticator.objects.filter(user=account_of(request))}
    codes = factors.get(Authenticator.Type.RECOVERY_CODES)
    codes_left = len(codes.wrap().get_unused_codes()) if codes else 0
    context = {
        "factor": factors.get(Authenticator.Type.TOTP),
        "codes": codes,
        "codes_left": codes_left,
        "codes_are_few": codes_left < FEW_CODES,
        "is_required": settings.SECOND_FACTOR_REQUIRED and must_prove_twice(request),
        "has_work": holds(request, Act.SEE_WORK_LIST),
    }
    return render(request, "mfa/index.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@logged_in
def codes(request: HttpRequest) -> HttpResponse:
    """Show new recovery codes until their owner says that they are written down."""
    found = _codes_being_shown(request)
    if request.method == "POST":
        del request.session[SHOWING]
        return redirect("web:home")
    return render(request, "mfa/recovery_codes/index.html", {"codes": found})


@require_GET
@logged_in
def codes_file(request: HttpRequest) -> HttpResponse:
    """Give new recovery codes as a file."""
    context = {"codes": _codes_being_shown(request), "account": account_of(request)}
    answer = render(
        request,
        "mfa/recovery_codes/download.txt",
        context,
        content_type="text/plain; charset=utf-8",
    )
    answer["Content-Disposition"] = 'attachment; filename="tafahom-recovery-codes.txt"'
    return answer


def _codes_being_shown(request: HttpRequest) -> list[str]:
    factor = Authenticator.objects.filter(
        user=account_of(request), type=Authenticator.Type.RECOVERY_CODES
    ).first()
    if not factor or SHOWING not in request.session:
        raise Http404
    found: list[str] = factor.wrap().get_unused_codes()
    return found


def _picture(address: str) -> SafeString:
    """Draw a QR code as SVG without styles: the content policy allows none."""
    drawn = segno.make(address, error="m").svg_inline(
        border=2, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return mark_safe(drawn)  # nosec B308 B703

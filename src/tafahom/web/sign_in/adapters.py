"""What allauth is told about our installation: no open sign-up, our words, sealed secrets."""

import base64
import os
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.access.accounts import second_steps
from tafahom.access.accounts.actions import record_sign_in
from tafahom.access.models import User
from tafahom.gate.limits import client_address
from tafahom.gate.second_step import PROVED
from tafahom.gate.visits import is_fresh

METHOD = "sign_in_method"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Accounts come by invitation only; who comes in is recorded."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Try again in some minutes."),
        "rate_limited": gettext_lazy("Too many attempts. Try again in some minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator invites."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Begin the visit; every way in leads here when all proofs are given."""
        method, second = request.session.pop(METHOD, "password"), request.session.get(PROVED)
        super().login(request, user)
        request.session.clear_expired()  # nobody else tidies up
        record_sign_in(user=user, proofs=[method, "second"] if second == user.pk else [method])

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        """Say no more than to a stranger."""
        messages.error(request, _("This account can not come in."))
        return HttpResponseRedirect(reverse("web:login"))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not for who has come in a moment ago and has no factor yet that could be taken away."""
        has_factor = Authenticator.objects.filter(user=self.request.user).exists()
        return has_factor or not is_fresh(self.request)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the address of who asks, as our limits find it."""
        return client_address(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Leave it to our views: they say what happened in our words."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Secrets of second factors lie sealed; codes read in any digits."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("The code is wrong, or was used before. Wait for the next."),
    }

    def get_totp_label(self, user: User) -> str:
        """Return how the app of the phone calls the account."""
        return str(user.username)

    def get_totp_issuer(self) -> str:
        """Return how the app of the phone calls us."""
        return _("Tafahom")

    def encrypt(self, text: str) -> str:
        """Seal a secret for the database, with a key that is not in it."""
        return second_steps.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret; one that nobody knows when the key is another: no code fits it then."""
        try:
            return second_steps.unseal(encrypted_text)
        except InvalidTag:
            return base64.b32encode(os.urandom(40)).decode()

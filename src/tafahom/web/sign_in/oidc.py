"""Coming in by the organisation's own log-in (OpenID Connect).

It proves who somebody is; it opens no account. Who was invited by an e-mail address is linked to
the first person who comes with that address, verified; afterwards the subject counts, not the
address. The second step is asked for all the same.
"""

from typing import Any, Final, NoReturn

import jwt
import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tafahom.access.accounts.actions import record_failure
from tafahom.access.accounts.managing import link_identity
from tafahom.access.models import User
from tafahom.web.sign_in.adapters import METHOD

PROVIDER: Final = "oidc"
# Public keys only: a secret that both sides know signs nothing here.
ALGORITHMS: Final = [
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
]
CLOCKS_DIFFER_SECONDS: Final = 60


class CheckedAdapter(OpenIDConnectOAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """Takes only what is signed, for us, by the issuer that the settings name."""

    @property
    def openid_config(self) -> dict[str, Any]:
        """Return what the issuer says of itself. Raises OAuth2Error when it is another."""
        found: dict[str, Any] = super().openid_config
        if str(found.get("issuer", "")).rstrip("/") != settings.OIDC_ISSUER.rstrip("/"):
            raise OAuth2Error("another issuer")
        return found

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        """Return who it is. Raises OAuth2Error without an identity token of the same person."""
        response = kwargs["response"]
        if not response.get("id_token"):
            raise OAuth2Error("no id_token")
        login = super().complete_login(request, app, token, response=response)
        told = login.account.extra_data
        if told["userinfo"].get("sub") != told["id_token"]["sub"]:
            raise OAuth2Error("two persons")
        return login

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Read a token. Its signature is looked at even when it came by a direct call."""
        try:
            with get_social_adapter().get_requests_session() as session:
                answer = session.get(self.openid_config["jwks_uri"])
                answer.raise_for_status()
            known = {key.key_id: key for key in jwt.PyJWKSet.from_dict(answer.json()).keys}
            claims: dict[str, Any] = jwt.decode(
                id_token,
                known[jwt.get_unverified_header(id_token)["kid"]],
                algorithms=ALGORITHMS,
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCKS_DIFFER_SECONDS,
                options={"require": ["exp", "iat", "aud", "iss", "sub"]},
            )
        except (jwt.PyJWTError, KeyError, ValueError) as error:
            raise OAuth2Error("id_token") from error
        return claims


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Links a person of the organisation's log-in to the account that was invited."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Never: accounts come by invitation."""
        return False

    def get_provider(self, *args: Any, **kwargs: Any) -> Any:
        """Return the organisation's log-in, on the way there and back read with our checks."""
        provider = super().get_provider(*args, **kwargs)
        provider.oauth2_adapter_class = CheckedAdapter
        return provider

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in who has an account, link who was invited, refuse everybody else."""
        email = _verified_email(sociallogin)
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            _refuse(request, email)
        # We need the subject alone: what else was told of a person is not kept.
        SocialAccount.objects.filter(pk=sociallogin.account.pk).update(extra_data={})
        sociallogin.account.extra_data = {}
        if not sociallogin.is_existing and not self._link(request, sociallogin, email):
            _refuse(request, email)
        if not sociallogin.user.is_active:
            _refuse(request, email)
        request.session.cycle_key()
        request.session[METHOD] = PROVIDER

    def on_authentication_error(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Lead back to our log-in; what went wrong is nothing a reader could mend."""
        _refuse(request, "")

    @transaction.atomic
    def _link(self, request: HttpRequest, sociallogin: SocialLogin, email: str) -> bool:
        """Link a person to the account invited by their address; whether there is one."""
        found = User.objects.select_for_update().filter(email__iexact=email, is_active=True)
        users = list(found) if email else []
        taken = SocialAccount.objects.filter(user__in=users, provider=sociallogin.account.provider)
        if len(users) != 1 or taken.exists():
            return False
        sociallogin.connect(request, users[0])
        link_identity(users[0])
        return True


def refused(request: HttpRequest) -> HttpResponse:
    """Lead back to the log-in page and say that it did not go."""
    messages.error(
        request,
        _("This way in did not work. Ask the person who manages accounts, or use your password."),
    )
    return redirect("web:login")


def _refuse(request: HttpRequest, email: str) -> NoReturn:
    record_failure(name=email, step=PROVIDER)
    raise ImmediateHttpResponse(refused(request))


def _verified_email(sociallogin: SocialLogin) -> str:
    """Return the address that the organisation vouches for; empty for none."""
    verified = (one.email for one in sociallogin.email_addresses if one.verified is True)
    return str(next(verified, ""))


NOT_REACHED: Final = (requests.RequestException, OAuth2Error, KeyError, ValueError)

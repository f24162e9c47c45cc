"""Settings of signing in that no environment changes: the rest is in ``settings``."""

from typing import Any
from urllib.parse import urlsplit

from tafahom.access.accounts.rules import ACCOUNT_FAILURES, LOCKED_FOR

APPS = ["axes", "allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount"]
# Only where it is used: it loads a whole HTTP client.
OIDC_APP = "allauth.socialaccount.providers.openid_connect"
# After sessions, accounts and messages.
MIDDLEWARE = [
    "allauth.account.middleware.AccountMiddleware",
    "tafahom.gate.visits.VisitLimits",
    "tafahom.gate.second_step.SecondFactorGate",
]
# Innermost, so that its page for who must wait carries the headers of every page.
LAST_MIDDLEWARE = ["axes.middleware.AxesMiddleware"]

SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "tafahom.access.passwords.LengthValidator"},
    {"NAME": "tafahom.access.passwords.GuessableValidator"},
]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]

AXES_HANDLER = "tafahom.gate.lockout.LockOut"
# In this order: the handler weighs them one by one.
AXES_LOCKOUT_PARAMETERS = ["username", "ip_address"]
AXES_FAILURE_LIMIT = ACCOUNT_FAILURES
AXES_COOLOFF_TIME = LOCKED_FOR
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the audit has it
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
# Masked in what axes keeps of a form; names are kept as marks only.
AXES_SENSITIVE_PARAMETERS = ["username", "password", "code", "csrfmiddlewaretoken"]
AXES_USERNAME_CALLABLE = "tafahom.gate.lockout.account_key"
AXES_CLIENT_IP_CALLABLE = "tafahom.gate.lockout.address_key"
AXES_LOCKOUT_CALLABLE = "tafahom.web.shell.waits.locked_out"

ACCOUNT_ADAPTER = "tafahom.web.sign_in.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"reauthenticate": "tafahom.web.sign_in.forms.PasswordAgainForm"}

MFA_ADAPTER = "tafahom.web.sign_in.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # clocks of phones differ; a code counts once all the same
MFA_FORMS = {
    "authenticate": "tafahom.web.sign_in.forms.CodeForm",
    "reauthenticate": "tafahom.web.sign_in.forms.CodeAgainForm",
    "activate_totp": "tafahom.web.sign_in.forms.EnrolForm",
}

SOCIALACCOUNT_ADAPTER = "tafahom.web.sign_in.oidc.SocialAdapter"
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 10


def oidc_providers(*, issuer: str, client: str, secret: str) -> dict[str, Any]:
    """Return the organisation's log-in as allauth wants to be told of it."""
    app = {
        "provider_id": "oidc",
        "name": "OpenID Connect",
        "client_id": client,
        "secret": secret,
        "settings": {"server_url": issuer.rstrip("/")},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def origin_of(address: str) -> str:
    """Return scheme and host of an address, as a content policy names them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"

"""What an installation that others reach must have: each sentence says how to mend it."""

import ipaddress
from collections.abc import Iterator
from email.utils import parseaddr
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from django.db import Error
from django.http.request import validate_host
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.access.demonstration import ACCOUNTS, STARTED
from tafahom.access.models import User
from tafahom.audit import signing
from tafahom.audit.models import Entry
from tafahom.people import keyring
from tafahom.scoping import everything
from tafahom.scoping.pooling import Pooling, pooling

LONGEST_SESSION_HOURS = 24
FEWEST_BYTES = 12  # different ones, of the 32 of a key
# RFC 2606 and 6761, and what tests call themselves.
TEST_HOST = "testserver"
TEST_LABELS = ("example", "changeme", "change-me")
TEST_ENDINGS = ("test", "invalid", "localhost", "example")

SESSIONS = {
    Pooling.SHARED: gettext_lazy(
        "The pooler before PostgreSQL shares sessions between connections: people would be answered"
        " in the scope of others. Set pool_mode = session, or do without it."
    ),
    Pooling.KEPT: gettext_lazy(
        "The pooler before PostgreSQL hands sessions on as they were left: set server_reset_query ="
        " DISCARD ALL."
    ),
}


def unfit() -> list[str]:
    """Return why this installation is not fit for production."""
    return [*_signing_in(), *_hosts(), *_keys(), *_mail(), *_databases(), *_demonstration()]


def _signing_in() -> Iterator[str]:
    if not settings.HTTPS:
        yield _(
            "TAFAHOM_HTTPS is off: passwords would travel open. Put a proxy that ends TLS in front,"
            " and remove the setting."
        )
    if not settings.SECOND_FACTOR_REQUIRED:
        yield _("TAFAHOM_MFA_REQUIRED is off: a password alone would open names. Remove it.")
    if not 0 < settings.SESSION_COOKIE_AGE <= LONGEST_SESSION_HOURS * 3600:
        yield _("TAFAHOM_SESSION_HOURS must be from 1 to %s.") % LONGEST_SESSION_HOURS


def _hosts() -> Iterator[str]:
    hosts = [str(host).strip().lower().strip(".") for host in settings.ALLOWED_HOSTS]
    if tests := [host for host in hosts if is_for_tests(host)]:
        yield _(
            "TAFAHOM_ALLOWED_HOSTS names hosts of tests and examples (%s): write the names by which"
            " people reach this installation."
        ) % ", ".join(tests)
    if all(_is_this_machine(host) for host in hosts):
        yield _(
            "TAFAHOM_ALLOWED_HOSTS names this machine only: write the names by which people reach"
            " this installation, or set TAFAHOM_ENV=development."
        )
    address = urlsplit(settings.ADDRESS)
    host = address.hostname or ""
    if settings.ADDRESS and not (
        address.scheme == "https" and validate_host(host, settings.ALLOWED_HOSTS)
    ):
        yield _("TAFAHOM_ADDRESS must be https:// with one of the names of TAFAHOM_ALLOWED_HOSTS.")


def is_for_tests(host: str) -> bool:
    """Return whether a name of a host can only be one of a test or an example."""
    labels = host.split(".")
    return (
        host == TEST_HOST
        or any(label in TEST_LABELS for label in labels)
        or (len(labels) > 1 and labels[-1] in TEST_ENDINGS)
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _keys() -> Iterator[str]:
    how = _("Make one with “tafahom keys new --print”.")
    try:
        private = signing.signer().private.values() if signing.present() else ()
    except (ImproperlyConfigured, ValueError):
        yield _("TAFAHOM_AUDIT_KEY (or audit-key) is not 32 bytes in URL-safe base64.") + " " + how
    else:
        if any(map(_is_weak, private)):
            yield _("TAFAHOM_AUDIT_KEY (or audit-key) can be guessed.") + " " + how
    try:
        if keyring.present():
            keyring.keys()
    except (ImproperlyConfigured, ValueError, KeyError):
        yield _("A key of identities is not 32 bytes in URL-safe base64.") + " " + how


def _is_weak(key: Ed25519PrivateKey) -> bool:
    return len(set(key.private_bytes_raw())) < FEWEST_BYTES


def _mail() -> Iterator[str]:
    if not settings.SENDS_MAIL or "EMAIL_URL" in settings.UNREADABLE:
        return
    if not settings.EMAIL_BACKEND.endswith("smtp.EmailBackend"):
        yield _("EMAIL_URL sends nothing: write smtp+tls://USER:PASSWORD@HOST:587, or remove it.")
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        validate_email(address)
        is_bad = is_for_tests(address.rpartition("@")[2]) or address.endswith("@localhost")
    except ValidationError:
        is_bad = True
    if is_bad:
        yield _(
            "TAFAHOM_EMAIL_FROM is not an address that can be answered: write that of your office."
        )


def _databases() -> Iterator[str]:
    if settings.OWNER_URL and _owner() == settings.SERVICE_ROLE:
        yield _(
            "DATABASE_OWNER_URL logs in as the service itself: give the owner of the tables a role"
            " of its own."
        )
    try:
        found = pooling()
    except Error:
        return  # away: nothing is asked or answered then
    if found:
        yield str(SESSIONS[found])


def _owner() -> str:
    return urlsplit(settings.OWNER_URL).username or ""


def _demonstration() -> Iterator[str]:
    """Look for open accounts of the demonstration, whose passwords lie in a file."""
    names = [username for username, _first, _last in ACCOUNTS.values()]
    try:
        with everything("a look at accounts before anybody is served"):
            if not Entry.objects.filter(action=STARTED).exists():
                return
            found = User.objects.filter(username__in=names, is_active=True)
            there = list(found.order_by("username").values_list("username", flat=True))
    except Error:
        return  # not prepared, or away: nobody can come in then
    if there:
        yield _(
            "Accounts of the demonstration are open (%s): begin with a new database and data"
            " directory, or close them with TAFAHOM_ENV=development."
        ) % ", ".join(there)

"""What an installation must not be served with: in production it refuses to start."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.audit import signing
from tafahom.operations import production
from tafahom.people import keyring

SHORTEST_SECRET = 50
FEWEST_LETTERS = 12
# Of constants that stood in this code, in Django's templates and in examples.
_DATABASE = gettext_lazy(
    "%(name)s is no address of a database: write sqlite:///FILE or"
    " postgresql://ROLE:PASSWORD@HOST/DATABASE, with marks in the password as %%40."
)
_UNREADABLE = {
    "DATABASE_URL": _DATABASE,
    "DATABASE_OWNER_URL": _DATABASE,
    "EMAIL_URL": gettext_lazy(
        "%(name)s is no address of an e-mail server: write smtp+tls://USER:PASSWORD@HOST:587."
    ),
}
WEAK_WORDS = ("development", "django-insecure", "changeme", "change-me", "secret-key", "example")


def refusals() -> list[str]:
    """Return why this installation may not be served, in sentences with the way to mend it.

    Outside production only what cannot be read counts.
    """
    return unreadable() + (unsafe() + production.unfit() if settings.PRODUCTION else [])


def unreadable() -> list[str]:
    """Return a sentence for each address in the settings that says nothing."""
    return [_UNREADABLE[name] % {"name": name} for name in settings.UNREADABLE]


def unsafe() -> list[str]:
    """Return what is unsafe in the settings and files wherever it runs, in sentences."""
    found = []
    if settings.DEBUG:
        found.append(_("TAFAHOM_DEBUG is on: error pages would show what is inside."))
    if is_weak(settings.SECRET_KEY):
        found.append(
            _("TAFAHOM_SECRET_KEY is weak: give at least %(count)s random characters, or none.")
            % {"count": SHORTEST_SECRET}
        )
    if "*" in settings.ALLOWED_HOSTS:
        found.append(_("TAFAHOM_ALLOWED_HOSTS takes any name: say which ones are served."))
    if settings.OIDC_ISSUER and not settings.OIDC_ISSUER.startswith("https://"):
        found.append(_("TAFAHOM_OIDC_ISSUER must be an https address."))
    found += [
        _("%(file)s can be read by others: set its mode to 600.") % {"file": file.name}
        for file in open_files()
    ]
    return found


def is_weak(secret: str) -> bool:
    """Return whether a signing secret can be guessed."""
    return (
        len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_LETTERS
        or any(word in secret.lower() for word in WEAK_WORDS)
    )


def open_files() -> list[Path]:
    """Return the files with secrets that more than their owner can read."""
    files = [keyring.keys_file(), signing.key_file(), Path(settings.SECRET_FILE)]
    files.append(Path(settings.ENV_FILE))
    return [file for file in files if keyring.readable_by_others(file)]

"""Addresses of the database and of the e-mail server; those that say nothing are told in words."""

import warnings
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

# What stands where no database can be: everything that asks it is refused.
NOWHERE = {"ENGINE": "django.db.backends.dummy"}
_env = environ.Env()


def database(url: str) -> dict[str, Any]:
    """Return the database that an address names; ``NOWHERE`` when it names none of ours."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found: dict[str, Any] = _env.db_url_config(url)
    except (ValueError, ImproperlyConfigured):
        return NOWHERE
    kind = str(found.get("ENGINE", "")).rpartition(".")[2]
    if kind == "sqlite3":
        return found
    is_whole = kind == "postgresql" and found["NAME"] and "…" not in url
    return found if is_whole and _is_reachable(url) else NOWHERE


def email(url: str) -> dict[str, Any] | None:
    """Return the settings of an e-mail server; None when the address names none."""
    try:
        found: dict[str, Any] = _env.email_url_config(url)
    except (ValueError, ImproperlyConfigured):
        return None
    needs_host = found["EMAIL_BACKEND"].endswith("smtp.EmailBackend")
    return None if needs_host and not found["EMAIL_HOST"] else found


def _is_reachable(url: str) -> bool:
    """Whether an address says where the server is and who logs in."""
    parts = urlsplit(url)
    return bool(parts.username and (parts.hostname or "host" in parse_qs(parts.query)))

"""The login of the service, where it is another than that of the tables' owner."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from tafahom.scoping import wall


def after_migrations(*, using: str = DEFAULT_DB_ALIAS, **others: Any) -> None:
    """Put up the wall that the tables of now need, and let the service in behind it."""
    wall.after_migrations(using, **others)
    let_in(using)


def let_in(using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the service's login its rights, where the owner works and there is such a login."""
    if settings.IS_OWNER and connections[using].vendor == "postgresql" and not wall.missing(using):
        wall.grant_to(settings.SERVICE_ROLE, using)

"""The login of the service, where it is another than that of the tables' owner."""

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.utils.translation import gettext_lazy

from tafahom.audit.owned import close_functions
from tafahom.operations.envelope import BackupError
from tafahom.scoping import rights, wall

# What the role is, and whether that of the service is there and is held by the wall.
_OF_OWNER = """
SELECT current_user, has_schema_privilege(current_schema(), 'CREATE'),
 pg_has_role((SELECT datdba FROM pg_database WHERE datname = current_database()), 'USAGE')"""
_OF_SERVICE = """
SELECT rolcanlogin AND NOT rolsuper AND NOT rolbypassrls AND NOT pg_has_role(oid, current_user, 'MEMBER')
FROM pg_roles WHERE rolname = %s"""

_NO_TABLES = gettext_lazy(
    "“%(role)s” may not make tables in this database: let it own the database, or set"
    " DATABASE_OWNER_URL to the address of who does."
)
_NO_DATABASE = gettext_lazy(
    "“%(role)s” does not own this database: ALTER DATABASE … OWNER TO %(role)s."
)
_NO_SERVICE = gettext_lazy(
    "There is no role “%(service)s” for the service: CREATE ROLE %(service)s LOGIN PASSWORD '…'."
)
_NOT_HELD = gettext_lazy(
    "“%(service)s” is above the wall or cannot log in: the service needs a role of its own that"
    " owns nothing, is no superuser and no member of “%(role)s”."
)


def after_migrations(*, using: str = DEFAULT_DB_ALIAS, **others: Any) -> None:
    """Put up the wall that the tables of now need, and let the service in behind it."""
    wall.after_migrations(using, **others)
    let_in(using)


def let_in(using: str = DEFAULT_DB_ALIAS) -> None:
    """Give the service's login its rights, where the owner works and there is such a login.

    A dump brings functions back as everybody may call them; nobody may.
    """
    if connections[using].vendor == "postgresql":
        close_functions(using)
    if settings.IS_OWNER and connections[using].vendor == "postgresql" and not wall.missing(using):
        rights.grant_to(settings.SERVICE_ROLE, using)


def check_roles() -> None:
    """Raise BackupError unless tables can be made here and the service then be let in.

    Asked before anything is written: a restore that ended here would leave a database that
    nobody but its owner could read.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute(_OF_OWNER)
        role, makes_tables, owns_database = cursor.fetchone()
        cursor.execute(_OF_SERVICE, [settings.SERVICE_ROLE])
        service = cursor.fetchone()
    said = {"role": role, "service": settings.SERVICE_ROLE}
    if not makes_tables:
        raise BackupError(_NO_TABLES % said)
    if settings.IS_OWNER and not owns_database:
        raise BackupError(_NO_DATABASE % said)
    if settings.IS_OWNER and service is None:
        raise BackupError(_NO_SERVICE % said)
    if settings.IS_OWNER and not service[0]:
        raise BackupError(_NOT_HELD % said)

"""Whether the database still guards what it holds: guards, rights, roles, ids."""

from collections.abc import Callable, Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from django.utils.translation import gettext as _

from tafahom.audit.catalogue.comparing import flaws
from tafahom.audit.catalogue.definitions import definition_flaws
from tafahom.audit.catalogue.words import told
from tafahom.operations.findings import MAX_TOLD, Severity, SeverityLines, told_of
from tafahom.scoping import rights, roles


def _guards() -> SeverityLines:
    found = (told(one) for one in (*flaws(), *definition_flaws()))
    yield from told_of(found, _("Guards stand in the database as they were put up."))


def _rights() -> SeverityLines:
    if connection.vendor != "postgresql":
        yield Severity.OK, _("SQLite has no roles: who may read its file may do everything.")
        return
    owner = rights.owner_of()
    service = _service(owner)
    found = [*rights.flaws(service), *roles.flaws(service, owner)]
    yield from told_of(map(told, found), _("Roles may do what they were given, and nothing else."))


def _service(owner: str) -> str:
    """Return the role of the service; empty where the owner of the tables serves."""
    if settings.IS_OWNER:
        return str(settings.SERVICE_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        role = str(cursor.fetchone()[0])
    return "" if role == owner else role


def _ids() -> SeverityLines:
    """Rows may be inserted with ids of their own, and numbers be taken out of turn."""
    ahead = [*_ids_ahead()]
    if ahead:
        said = _("Ids are ahead of what counts them, or near its end (set the sequence anew): %s.")
        yield Severity.FAILED, said % ", ".join(ahead[:MAX_TOLD])
    else:
        yield Severity.OK, _("New rows find a number.")


def _ids_ahead() -> Iterator[str]:
    """Yield tables in which a new row would not find its number."""
    if connection.vendor == "sqlite":
        yield from _first_of("SELECT name FROM sqlite_sequence WHERE seq > 9007199254740992")
        return
    counted = [
        _AHEAD.format(model._meta.db_table, model._meta.pk.column)
        for model in apps.get_models(include_auto_created=True)
        if isinstance(model._meta.pk, models.AutoField) and model._meta.managed
    ]
    yield from _first_of(" UNION ALL ".join(counted))


def _first_of(statement: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


# The audit numbers its entries by itself, without gaps.
_AHEAD = """
SELECT '{0}' FROM pg_sequence s
WHERE s.seqrelid = pg_get_serial_sequence('"{0}"', '{1}')::regclass
AND (coalesce(pg_sequence_last_value(s.seqrelid), 0) > s.seqmax / 2
OR '{0}' NOT IN ('audit_entry', 'audit_head')
AND (SELECT max("{1}") FROM "{0}") > coalesce(pg_sequence_last_value(s.seqrelid), 0))"""

GUARDS: dict[str, Callable[[], SeverityLines]] = {"guards": _guards, "rights": _rights, "ids": _ids}

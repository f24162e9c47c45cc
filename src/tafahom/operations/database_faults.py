"""A database that is away, busy or damaged: told from our own faults, and said in a sentence."""

import sqlite3

from django.db import Error, InterfaceError, OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_AWAY = gettext_lazy(
    "The database does not answer: see that PostgreSQL runs, and that DATABASE_URL is right."
)
_BUSY = gettext_lazy("The database is busy with other work: try again in a minute.")
_UNPREPARED = gettext_lazy("The database is not prepared: run “tafahom init” first.")
_READ_ONLY = gettext_lazy(
    "The database cannot be written to: see the rights of its file and folder, and the disk."
)
_NO_FILE = gettext_lazy(
    "The file of the database cannot be opened: see that its disk is there, and its rights."
)
_DAMAGED = gettext_lazy(
    "The database is damaged: stop the service, and restore the last backup elsewhere."
)
_FULL = gettext_lazy("The disk of the database is full: make room, then try again.")
# Primary result codes of SQLite.
_OF_SQLITE = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_CANTOPEN: _NO_FILE,
    sqlite3.SQLITE_IOERR: _NO_FILE,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FULL: _FULL,
}
# States of PostgreSQL, by their whole and by their class.
_OF_POSTGRESQL = {
    "25006": _READ_ONLY,  # a standby
    "40001": _BUSY,
    "40P01": _BUSY,
    "42P01": _UNPREPARED,
    "53100": _FULL,
    "55P03": _BUSY,
    "08": _AWAY,
    "53": _BUSY,
    "57": _AWAY,
    "58": _AWAY,
    "XX": _DAMAGED,
}


def sentence(error: BaseException | None) -> str | None:
    """Return what is the matter with the database, and what to do; None for any other fault."""
    found = _sentence(error)
    return None if found is None else str(found)


def _sentence(error: BaseException | None) -> str | Promise | None:
    if not isinstance(error, Error | sqlite3.Error):
        return None
    cause = error if isinstance(error, sqlite3.Error) else error.__cause__
    if code := getattr(cause, "sqlite_errorcode", None):
        if code == sqlite3.SQLITE_ERROR and "no such table" in str(cause):
            return _UNPREPARED
        return _OF_SQLITE.get(code & 0xFF)
    if state := getattr(cause, "sqlstate", None):
        return _OF_POSTGRESQL.get(state) or _OF_POSTGRESQL.get(state[:2])
    return _AWAY if isinstance(error, OperationalError | InterfaceError) else None

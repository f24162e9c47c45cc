"""Keys of names as they were before punctuation told names apart, for migrations that renew them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tafahom.persian import clean, normal_key, to_ascii_digits

_FOLD = str.maketrans(
    dict(zip("آأإٱؤئة", "ااااویه", strict=True)) | {"ء": None, "\u0654": None}
)
_NOT_WORD = re.compile(r"[\W_]+")


def old_key(text: str) -> str:
    """Return the key that a text had."""
    folded = to_ascii_digits(clean(unicodedata.normalize("NFKC", text)).translate(_FOLD))
    return _NOT_WORD.sub("", folded).casefold()


def renew(
    model: Any,
    *,
    texts: Callable[[Any], Iterable[str]] = lambda row: (row.name,),
    column: str = "key",
    length: int = 300,
) -> None:
    """Give the rows of a model the key that their text has now: the first that made the old one.

    Keys only become finer, and what is new in them was in no old one: no two rows can meet, not
    even on the way. A key that no text of the row made stays as it is.
    """
    for row in model.objects.all():
        said = next((t for t in texts(row) if old_key(t)[:length] == getattr(row, column)), "")
        new = normal_key(said)[:length]
        if new and new != getattr(row, column):
            model.objects.filter(pk=row.pk).update(**{column: new})


@contextmanager
def unguarded(schema_editor: Any, *tables: str) -> Iterator[None]:
    """Let rows of tables be changed without a trace and whether their month is closed or not.

    For what says nothing new of a row, as its key. On SQLite no trigger stands while migrations
    run; here they are put to sleep for the transaction, in which nobody else writes the tables.
    """
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        yield
        return

    def turn(state: str) -> None:
        connection.check_constraints()  # A table that has something to check cannot be altered.
        with connection.cursor() as cursor:
            for table in map(connection.ops.quote_name, tables):
                cursor.execute(f"ALTER TABLE {table} {state} TRIGGER USER")

    turn("DISABLE")
    yield
    turn("ENABLE")

"""Words of a closed list: which entry a cell of a roster or registry means. No database here.

A list is closed: an entry comes from reference data or an administrator, never from a file that
uses the list. A word that no entry is known by has no meaning, and none is guessed.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from tafahom.persian import normal_key

# Who writes so says that nothing is known: as good as an empty cell, in every list.
NOTHING_KNOWN: Final = ("نامشخص", "نامعلوم", "مشخص نیست", "اعلام نشده", "ثبت نشده")
# How many words may stand before a name: «استان البرز، شهرستان کرج».
MAX_PREFIXES = 4


class ListWords:
    """The names of one list and what else its entries are called.

    ``names`` are the registered names, which mean themselves; ``synonyms`` are words with the
    name they stand for, and the first to say a word counts. ``prefixes`` are what may stand
    before any of them and adds nothing.
    """

    def __init__(
        self,
        names: Iterable[str],
        synonyms: Iterable[tuple[str, str]] = (),
        prefixes: Iterable[str] = (),
    ) -> None:
        self.names = tuple(names)
        self._by_key = {normal_key(name): name for name in self.names}
        for word, name in synonyms:
            self._by_key.setdefault(normal_key(word), name)
        self._prefixes = tuple(key for text in prefixes if (key := normal_key(text)))

    def name_of(self, word: str) -> str | None:
        """Return the registered name a word means; "" for a blank word, None for an unknown one."""
        key = normal_key(word)
        found = self._meaning(key, MAX_PREFIXES) if key else ""
        return "" if found is None and key in _blank() else found

    def _meaning(self, key: str, prefixes: int) -> str | None:
        found = self._by_key.get(key)
        if found is not None or not prefixes:
            return found
        rests = (key.removeprefix(prefix) for prefix in self._prefixes if key.startswith(prefix))
        meanings = (self._meaning(rest, prefixes - 1) for rest in rests if rest)
        return next((name for name in meanings if name is not None), None)


def synonyms_of(
    words: Mapping[str, Sequence[str]], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Return words with the names they stand for; ``words`` are by code, ``names`` too.

    Words of an entry that this installation does not have stand for nothing.
    """
    return [(word, names[code]) for code, known in words.items() if code in names for word in known]


@cache
def word_file(path: Path) -> Mapping[str, Any]:
    """Return the tables of a file of words, which does not change while we run."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _blank() -> frozenset[str]:
    return frozenset(map(normal_key, NOTHING_KNOWN))

"""What everybody would guess in a password: words of here, names, numbers, rows of keys.

The library zxcvbn knows English words, dates and Latin keyboards. It knows no Persian, and adds so
much for each further part that a name with a number counts as good: ``own_characters`` is for that.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

from tafahom.parties.actions import COUNTIES, REFERENCE

WORDS: Final = Path(__file__).with_name("guessable.toml")
# zxcvbn raises for longer ones; what stands behind only makes a password harder.
READ_AT_MOST: Final = 72
# Guesses that zxcvbn must think necessary: its best mark of five.
FEWEST_GUESSES: Final = 10**10
SHORTEST_WORD, SHORTEST_RUN = 3, 3
_ALIKE = str.maketrans({"آ": "ا", "أ": "ا", "إ": "ا", "ئ": "ی", "ؤ": "و"})
_INSTEAD_OF_LETTERS = str.maketrans("@$0134578", "asoleastb")
_NO_LETTERS = re.compile(r"[\W_]+")
# A year, a telephone or a part of a national ID. Digits at the ends are the first thing one adds.
_NUMBERS = re.compile(r"\d{4,}|^\d+|\d+$")
# Which Latin key carries each Persian letter: «ضصثقفغ» is "qwerty".
_KEYS = str.maketrans("ضصثقفغعهخحجچشسیبلاتنمکگظطزرذدپو", "qwertyuiop[]asdfghjkl;'zxcvbnm,")


def bare(text: str) -> str:
    """Return letters and digits alone, without case, and without what keyboards add to letters."""
    return _NO_LETTERS.sub("", text.casefold().translate(_ALIKE))


def own_characters(text: str, names: Iterable[str]) -> int:
    """Count the different characters that stay when what anybody would guess is taken out.

    ``names`` are the owner's. Signs that stand for letters are read as both.
    """
    known = {*_words(), *filter(_is_word, map(bare, names))}
    readings = {bare(text), bare(text.casefold().translate(_INSTEAD_OF_LETTERS))}
    return min(len(set(_rest(reading, known))) for reading in readings)


def is_soon_guessed(text: str, names: Iterable[str]) -> bool:
    """Whether few guesses are needed, as zxcvbn counts; Persian also by the keys it is typed on."""
    from zxcvbn import zxcvbn  # its lists take 50 ms, of every start of a command

    own = [name for name in map(bare, names) if _is_word(name)]
    read = text[:READ_AT_MOST]
    return any(
        zxcvbn(reading, user_inputs=[*_latin_words(), *own])["guesses"] < FEWEST_GUESSES
        for reading in {read, read.translate(_KEYS)}
    )


def _rest(text: str, known: Iterable[str]) -> str:
    for word in sorted(known, key=len, reverse=True):
        text = text.replace(word, " ")
    # What was left of a number beside a word is at an end as well.
    pieces = _without_runs(text).split()
    return "".join(_NUMBERS.sub("", piece) for piece in pieces)


def _without_runs(text: str) -> str:
    """Take out three or more characters in the order of the alphabet, of digits or of keys."""
    for row in _rows():
        for length in range(len(row), SHORTEST_RUN - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], " ")
    return text


def _is_word(text: str) -> bool:
    return len(text) >= SHORTEST_WORD


@cache
def _words() -> frozenset[str]:
    """Return words that are tried here, as ``bare`` has them."""
    lists = _read(WORDS)
    own = " ".join(text for name, text in lists.items() if name != "rows").split()
    provinces = _read(REFERENCE)["provinces"].values()
    counties = [name for names in _read(COUNTIES).values() for name in names]
    return frozenset(filter(_is_word, map(bare, (*own, *provinces, *counties))))


@cache
def _latin_words() -> tuple[str, ...]:
    return tuple(sorted(word for word in _words() if word.isascii()))


@cache
def _rows() -> tuple[str, ...]:
    rows = [bare(row) for kind in _read(WORDS)["rows"].values() for row in kind]
    return tuple({*rows, *(row[::-1] for row in rows)})


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def units(text: str) -> Iterator[str]:
    """Give a text, and what it repeats: "abc" of "abcabc"."""
    yield text
    if text:
        yield text[: (text + text).find(text, 1)]

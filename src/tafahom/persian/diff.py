"""What changed between two texts, word by word.

A joiner belongs to its word and marks between digits to their number, so «می‌شود» and ۱٬۲۰۰ change
as a whole: half a word in another colour could not be read, and would be drawn unjoined.
"""

import re
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Op: TypeAlias = Literal["=", "+", "-"]
Piece: TypeAlias = tuple[Op, str]

_TOKEN = re.compile(
    r"\d+(?:[٬٫.,/:]\d+)*"  # a number with its marks
    r"|[\w\u064b-\u065f\u0670\u200c\u200d]+"  # a word with its joiners and vowels
    r"|\s+"
    r"|."  # any other sign
)
# In longer texts «و» and «به» are everywhere: they still match beside others, not on their own.
_LONG = 1500


def word_diff(old: str, new: str) -> list[Piece]:
    """Return the pieces that both texts have, the old one only, and the new one only.

    Pieces "=" and "-" joined are the old text to the letter, "=" and "+" the new one. What was
    taken away comes before what took its place. Empty for two empty texts.
    """
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    middle = _changes(before[start : len(before) - end], after[start : len(after) - end])
    return _joined([("=", before[:start]), *middle, ("=", before[len(before) - end :])])


def changed(pieces: Iterable[Piece]) -> bool:
    """Return whether anything differs."""
    return any(op != "=" for op, _text in pieces)


def _shared(before: Sequence[str], after: Sequence[str]) -> int:
    """Count the words with which both begin."""
    for place, (one, other) in enumerate(zip(before, after, strict=False)):
        if one != other:
            return place
    return min(len(before), len(after))


def _changes(before: list[str], after: list[str]) -> list[tuple[Op, list[str]]]:
    if not before or not after:
        return [("-", before), ("+", after)]
    long = max(len(before), len(after)) > _LONG
    matcher = SequenceMatcher(str.isspace, before, after, autojunk=long)
    found: list[tuple[Op, list[str]]] = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(("=", before[a:b]))
        else:
            found += [("-", before[a:b]), ("+", after[c:d])]
    return found


def _joined(parts: list[tuple[Op, list[str]]]) -> list[Piece]:
    """Join neighbours; a lone space between two changes belongs to both of them.

    A sentence that was rewritten is then one change, not a change at each word.
    """
    pieces: list[Piece] = []
    gone, come = "", ""
    texts = [(op, "".join(words)) for op, words in parts if words]
    for place, (op, text) in enumerate(texts):
        if op == "-":
            gone += text
        elif op == "+":
            come += text
        elif gone and come and text.isspace() and place + 1 < len(texts):
            gone, come = gone + text, come + text
        else:
            pieces += _flushed(gone, come)
            gone, come = "", ""
            pieces = _added(pieces, text)
    return pieces + _flushed(gone, come)


def _flushed(gone: str, come: str) -> list[Piece]:
    found: list[Piece] = [("-", gone), ("+", come)]
    return [(op, text) for op, text in found if text]


def _added(pieces: list[Piece], text: str) -> list[Piece]:
    if pieces and pieces[-1][0] == "=":
        return [*pieces[:-1], ("=", pieces[-1][1] + text)]
    return [*pieces, ("=", text)]

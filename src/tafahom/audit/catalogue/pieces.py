"""Taking a statement of SQL apart."""

from collections.abc import Iterator
from typing import Final

_QUOTES: Final = "'\""


def pieces(text: str) -> list[str]:
    """Return the parts between commas that stand outside of parentheses and quotes."""
    ends = [place for place, mark, depth in _marks(text) if mark == "," and not depth]
    begins = [0, *(end + 1 for end in ends)]
    return [
        " ".join(text[begin:end].split())
        for begin, end in zip(begins, [*ends, len(text)], strict=True)
    ]


def inside(statement: str) -> tuple[str, str]:
    """Return what stands in the first parentheses of a statement, and what comes after them."""
    begin = next(place for place, mark, _depth in _marks(statement) if mark == "(")
    end = next(place for place, mark, depth in _marks(statement) if mark == ")" and not depth)
    return statement[begin + 1 : end], statement[end + 1 :]


def _marks(text: str) -> Iterator[tuple[int, str, int]]:
    """Yield each character outside of quotes with its place, and how deep in parentheses it is."""
    quote, depth = "", 0
    for place, mark in enumerate(text):
        if quote:
            quote = "" if mark == quote else quote
        elif mark in _QUOTES:
            quote = mark
        else:
            depth -= mark == ")"
            yield place, mark, depth
            depth += mark == "("

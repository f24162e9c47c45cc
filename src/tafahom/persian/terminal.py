"""Text for terminals and logs: what steers a terminal, or turns a line round, is written out."""

import re
from typing import Any, TextIO

# C0 and C1 controls but line feed and tab; separators of lines; marks that override direction.
# Marks that letters need (ZWNJ, RLM, LRM) stay.
_STEERS = re.compile(
    "\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]"
)


def visible(text: str) -> str:
    r"""Return the text with characters that steer written as ``\u001b``, as JSON has them too."""
    return _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class VisibleText:
    """A stream on which nothing that somebody else wrote can steer a terminal.

    ``unfiltered`` is the stream itself, for what we move the cursor with.
    """

    def __init__(self, stream: TextIO) -> None:
        self.unfiltered = stream

    def write(self, text: str) -> int:
        """Write a text out; return how many characters came."""
        self.unfiltered.write(visible(text))
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        """Write lines out."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.unfiltered, name)

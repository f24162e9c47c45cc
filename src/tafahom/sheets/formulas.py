"""Texts that a spreadsheet would run as a formula when it opens them. No framework here."""

import unicodedata

STARTS = ("=", "+", "-", "@")
# At the very beginning these move the cell or are dropped, and what follows is run.
_MOVES = ("\t", "\r", "\n")
# Control, format and separator characters: some programs drop them, nobody sees them.
_UNSEEN = ("Cc", "Cf", "Zs", "Zl", "Zp")


def runs_in_a_sheet(text: str) -> bool:
    """Return whether a spreadsheet may run a text.

    Signs of full width (＝) and small ones (﹦) are read as the plain ones by programs for
    East Asian languages; characters that nobody sees may stand before any of them.
    """
    if text.startswith(_MOVES):
        return True
    for character in text:
        if unicodedata.category(character) not in _UNSEEN:
            return unicodedata.normalize("NFKC", character).startswith(STARTS)
    return False


def neutralised(text: str) -> str:
    """Return a text for a cell of CSV: what could run begins with an apostrophe, and does not."""
    return f"'{text}" if runs_in_a_sheet(text) else text

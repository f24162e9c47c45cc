"""What is written to the log: nothing that could be somebody's number, or opens anything."""

import logging
import re

from tafahom.operations.database_faults import sentence
from tafahom.persian.terminal import visible

# A national ID has ten digits, a telephone eleven, a foreigner's code twelve; in any script, as
# people type them into an address. Parts of our own identifiers have letters beside them.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{2})\d{6,10}(?![0-9A-Za-z])")
# What follows the question mark of an address: searches, codes, where to go after the log-in.
_QUERY = re.compile(r"(/[^\s?\"'<>]*)\?[^\s\"'<>]+")
# Links of invitation, addresses of calendars, keys of sessions, codes: long and of chance.
_RANDOM = re.compile(r"(?<![\w-])([\w-]{4})[\w-]{16,}(?![\w-])", re.ASCII)
# Tracking codes of proposals may be of letters alone.
_CODE = re.compile(r"(?<![\w-])[0-9A-Z]{5}(?:-[0-9A-Z]{5}){3}(?![\w-])", re.ASCII)
_KINDS = tuple(map(re.compile, ("[0-9]", "[A-Z]", "[a-z]")))
# Our own external ids open nothing, and tell which record it was.
_UID = re.compile("[0-9a-f]{24}")
HIDDEN = "••••••"


class MaskingFormatter(logging.Formatter):
    """Hides long numbers, queries and random text, in messages and in traces.

    What would steer a terminal is written out, and a message stays on its line.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - of the library
        """Return the message in one line."""
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and below it the trace if there is one."""
        return masked(visible(super().format(record)))


class ShortFaults(logging.Filter):
    """Says in one line that the database is away, where each page would write a trace of it."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Put the sentence in the place of the trace."""
        error = record.exc_info[1] if record.exc_info else None
        if said := sentence(error):
            record.msg, record.args = f"{record.getMessage()}: {said} ({error})", ()
            record.exc_info = record.exc_text = None
        return True


def masked(text: str) -> str:
    """Return a text without what must not lie in a log."""
    text = _QUERY.sub(r"\1?…", text)
    text = _CODE.sub(HIDDEN, text)
    text = _RANDOM.sub(_hide, text)
    return _NUMBER.sub(rf"\1{HIDDEN}", text)


def _hide(found: re.Match[str]) -> str:
    """Leave names of code as they are: of small letters, or of capitals and few."""
    kinds = [bool(kind.search(found[0])) for kind in _KINDS]
    has_chance = (kinds[0] and any(kinds[1:])) or (all(kinds[1:]) and len(found[0]) >= 32)
    is_hidden = has_chance and not _UID.fullmatch(found[0])
    return f"{found[1]}{HIDDEN}" if is_hidden else found[0]

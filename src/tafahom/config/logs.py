"""What is written to the log: nothing that could be somebody's number."""

import logging
import re

# A national ID has ten digits, a telephone eleven, a foreigner's code twelve; in any script, as
# people type them into an address. Parts of our own identifiers have letters beside them.
_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{2})\d{6,10}(?![0-9A-Za-z])")


class MaskingFormatter(logging.Formatter):
    """Hides all but the first two digits of long numbers, in messages and in traces."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return _NUMBER.sub(r"\1••••••", super().format(record))

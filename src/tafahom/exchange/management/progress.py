"""Progress of work on files, as a terminal shows it."""

from typing import TextIO

from tafahom.exchange.rosters.file_report import Progress
from tafahom.persian.terminal import visible

BAR = 30


class ProgressBar:
    """Progress on standard error: one line that moves on a terminal, one line a file elsewhere."""

    def __init__(self, stream: TextIO) -> None:
        # We move the cursor ourselves; what a file is called must not.
        self._stream: TextIO = getattr(stream, "unfiltered", stream)
        self._moves = stream.isatty()
        self._last = 0

    def __call__(self, progress: Progress) -> None:
        if self._moves:
            filled = BAR * progress.done // max(progress.total, 1)
            bar = "█" * filled + "·" * (BAR - filled)
            text = f"\r\x1b[2K{bar} {progress.number}/{progress.files} {visible(progress.file)}"
            self._stream.write(text)
        elif progress.number != self._last:
            self._stream.write(f"{progress.number}/{progress.files} {visible(progress.file)}\n")
        self._last = progress.number
        self._stream.flush()

    def close(self) -> None:
        """Leave the terminal clean."""
        if self._moves and self._last:
            self._stream.write("\r\x1b[2K")
            self._stream.flush()

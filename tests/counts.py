"""What long attacks counted, said and written down."""

import os
import sys
from pathlib import Path


def tell(text: str) -> None:
    """Say what was counted, and write it down where ``TAFAHOM_ATTACKS_REPORT`` says."""
    sys.stderr.write(f"\n{text}\n")
    if report := os.environ.get("TAFAHOM_ATTACKS_REPORT"):
        with Path(report).open("a", encoding="utf-8") as file:
            file.write(f"{text}\n")

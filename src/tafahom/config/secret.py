"""The secret that signs sessions, where nobody set one: random, of this installation only."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path


def own_secret(path: Path) -> str:
    """Return the secret in the file, made (mode 0600) when there is none."""
    if not path.exists():
        # Written whole, then linked: of two processes that start together one wins for both.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()

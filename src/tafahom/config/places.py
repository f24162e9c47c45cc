"""Where an installation keeps what is its own: in the checkout, or with who runs an installed one."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


def checkout() -> Path | None:
    """Return the root of the checkout that this code runs from; None when it was installed."""
    root = PACKAGE.parents[1]
    is_checkout = PACKAGE.parent.name == "src" and (root / "pyproject.toml").is_file()
    return root if is_checkout else None


def home() -> Path:
    """Return the folder of ``.env`` and, below it, ``var``.

    Not the folder that a command happens to be typed in: its ``.env`` may be somebody else's,
    and the same command typed in another folder would find an empty installation.
    """
    if root := checkout():
        return root
    shared = os.environ.get("XDG_DATA_HOME", "")
    data = Path(shared) if Path(shared).is_absolute() else Path.home() / ".local" / "share"
    return data / "tafahom"


def page_assets() -> Path:
    """Return the folder of third-party files that pages and documents use."""
    root = checkout()
    return root / "var" / "assets" if root else PACKAGE / "assets"

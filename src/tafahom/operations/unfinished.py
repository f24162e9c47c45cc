"""What a restore notes before its first change that lasts, so that it can be run again."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from tafahom.operations import archive

NAME = "restore.unfinished"
# Where a restore unpacks; one that was killed leaves it behind.
PREFIX = "restore-"


def note(manifest: archive.Manifest) -> None:
    """Note which backup is being restored, and which files come with it."""
    draft = _place().with_suffix(".draft")
    names = [file["name"] for file in manifest["files"]]
    with draft.open("w", encoding="utf-8") as out:
        json.dump({**about(manifest), "names": names}, out)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, _place())


def noted() -> dict[str, Any] | None:
    """Return what was noted; None where no restore was interrupted."""
    try:
        told: dict[str, Any] = json.loads(_place().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return told


def about(manifest: archive.Manifest) -> dict[str, Any]:
    """Return what tells a backup from others."""
    return {"made_at": manifest["made_at"], "audit": manifest["audit"]}


def finish() -> None:
    """Forget the note: the restore is done."""
    _place().unlink(missing_ok=True)


def take_back() -> None:
    """Remove what an interrupted restore left, where the database is still empty."""
    data = Path(settings.DATA_DIR)
    for folder in data.glob(f"{PREFIX}*"):
        shutil.rmtree(folder)
    for name in (noted() or {}).get("names", ()):
        if "/" in name and archive.may_hold(name):
            (data / name).unlink(missing_ok=True)
    finish()


def _place() -> Path:
    return Path(settings.DATA_DIR) / NAME

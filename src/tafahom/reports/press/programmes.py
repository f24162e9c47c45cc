"""Programmes that releases single out, from a file that a directorate can replace."""

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tafahom.figures.rules import FigureError

OWN_FILE = Path(__file__).with_name("programmes.toml")
OTHER_FILE = "TAFAHOM_PRESS_PROGRAMMES"


@dataclass(frozen=True, slots=True)
class Programme:
    """A slice of the figures and how a release speaks of it."""

    id: str
    title: str
    text: str
    where: tuple[tuple[str, str], ...]


def programmes() -> list[Programme]:
    """Read the programmes. Raises FigureError naming the file when it can not be understood."""
    path = Path(os.environ.get(OTHER_FILE) or OWN_FILE)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["programmes"]
        return [_programme(row) for row in found]
    except (OSError, ValueError, KeyError, TypeError) as error:
        message = _("The programmes in {file} can not be read: {error}")
        raise FigureError(message.format(file=path, error=error)) from error


def _programme(row: dict[str, Any]) -> Programme:
    where = tuple((str(name), str(value)) for name, value in row["where"].items())
    return Programme(str(row["id"]), str(row["title"]), str(row["text"]), where)

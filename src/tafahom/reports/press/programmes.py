"""Programmes that releases single out, from a file that a directorate can replace."""

import os
import string
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tafahom.figures.catalogue import DIMENSIONS, MEASURES
from tafahom.figures.rules import FigureError

OWN_FILE = Path(__file__).with_name("programmes.toml")
OTHER_FILE = "TAFAHOM_PRESS_PROGRAMMES"


@dataclass(frozen=True, slots=True)
class PressProgramme:
    """A slice of the figures and how a release speaks of it."""

    id: str
    title: str
    text: str
    where: tuple[tuple[str, str], ...]

    @property
    def measures(self) -> list[str]:
        """The measures that the text names."""
        return [name for name in _names(self.text) if name in MEASURES]


def programmes() -> list[PressProgramme]:
    """Read the programmes. Raises FigureError naming the file when it can not be understood."""
    path = Path(os.environ.get(OTHER_FILE) or OWN_FILE)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))["programmes"]
        return [_programme(row) for row in found]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = _("The programmes in {file} can not be read: {error}")
        raise FigureError(message.format(file=path, error=error)) from error


def _programme(row: dict[str, Any]) -> PressProgramme:
    where = tuple(
        (str(name), str(value))
        for name, values in row["where"].items()
        for value in (values if isinstance(values, list) else [values])
    )
    programme = PressProgramme(str(row["id"]), str(row["title"]), str(row["text"]), where)
    for name, _value in where:
        if name not in DIMENSIONS:
            raise ValueError(f"[{programme.id}] where: {name}")
    for name in _names(programme.text):
        if name not in MEASURES and name != "province":
            raise ValueError(f"[{programme.id}] text: {{{name}}}")
    return programme


def _names(text: str) -> list[str]:
    """Return the names in braces. Raises ValueError for braces that hold more than a name."""
    names = []
    for _literal, name, form, conversion in string.Formatter().parse(text):
        if form or conversion:
            raise ValueError(f"{{{name}}}")
        if name is not None:
            names.append(name)
    return names

"""Rosters as offices send them, read into entries. Framework-free; see ``reading``."""

from tafahom.exchange.rosters.parsing.fields import CANONICAL_FIELDS
from tafahom.exchange.rosters.parsing.reading import ReadResult, read_roster

__all__ = ["CANONICAL_FIELDS", "ReadResult", "read_roster"]

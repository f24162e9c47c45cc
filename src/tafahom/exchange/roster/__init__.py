"""Rosters as offices send them, read into entries. Framework-free; see ``reading``."""

from tafahom.exchange.roster.fields import CANONICAL_FIELDS
from tafahom.exchange.roster.reading import ReadResult, read_roster

__all__ = ["CANONICAL_FIELDS", "ReadResult", "read_roster"]

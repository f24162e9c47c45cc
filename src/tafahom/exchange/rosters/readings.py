"""What was read of an uploaded roster, kept sealed until it is recorded: a file is parsed once.

A reading belongs to the bytes of the file, to what was answered and given, and to the program and
settings that read it; with another of these the file is read again. One that does not open, since
the key of identities was changed, is as good as none.
"""

import hashlib
import json
import os
import pickle
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

from django.conf import settings

from tafahom import identifiers, jalali, persian, sheets
from tafahom.exchange.rosters import parsing, storage
from tafahom.exchange.rosters.parsing import ReadResult, read_roster
from tafahom.exchange.rosters.parsing.fields import EXTRA_FILE
from tafahom.exchange.rosters.parsing.given import Given
from tafahom.exchange.rosters.parsing.meanings import Answers
from tafahom.people import vault
from tafahom.sheets.isolation import load_answer
from tafahom.training.rosters import rules

_PROGRAM: Final = (parsing, sheets, identifiers, jalali, persian, rules)


def read_upload(path: Path, *, sha256: str, answers: Answers, given: Given) -> ReadResult:
    """Read an uploaded roster, or return what was read of it before, and keep that.

    ``sha256`` is that of its bytes; without it nothing is kept.
    """
    kept = storage.parsed_path(sha256, _key(answers, given)) if sha256 else None
    if kept and (found := _kept(kept)):
        return replace(found, path=str(path))
    result = read_roster(
        path, answers=answers, given=given, late_counts_whole=settings.LATE_COUNTS_WHOLE
    )
    if kept and result.file_error is None:
        with vault.Sealing(storage.PARSED) as out:
            out.write(pickle.dumps(result, protocol=pickle.HIGHEST_PROTOCOL))
            out.keep(kept.name)
    return result


def _kept(place: Path) -> ReadResult | None:
    try:
        found: ReadResult = load_answer(b"".join(vault.read(place)))
    except (OSError, vault.UnreadableError, pickle.UnpicklingError):
        return None
    return found


def _key(answers: Answers, given: Given) -> str:
    """Return a digest of all that a reading depends on besides the bytes of the file."""
    plain = {sheet: dict(values) for sheet, values in given.items()}
    asked = json.dumps(
        [dict(answers), plain, settings.LATE_COUNTS_WHOLE, _spellings(), _program()], sort_keys=True
    )
    return hashlib.sha256(asked.encode()).hexdigest()[:32]


def _spellings() -> str:
    """Return the digest of the administrator's own file of headings; empty where there is none."""
    extra = os.environ.get(EXTRA_FILE, "")
    return hashlib.sha256(Path(extra).read_bytes()).hexdigest() if extra else ""


@cache
def _program() -> str:
    """Return the digest of what reads: another version may read the same bytes in another way."""
    digest = hashlib.sha256()
    for module in _PROGRAM:
        place = Path(str(module.__file__))
        inside = place.parent.rglob("*") if place.name == "__init__.py" else (place,)
        for file in sorted(inside):
            if file.suffix in (".py", ".toml"):
                digest.update(file.read_bytes())
    return digest.hexdigest()

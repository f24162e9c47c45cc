"""What a look at an installation found."""

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

MAX_TOLD = 20


class Severity(enum.StrEnum):
    """How bad it is: a warning can wait for office hours."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look found; the text is a sentence for the operator."""

    check: str
    level: Severity
    text: str


SeverityLines = Iterator[tuple[Severity, str]]


def told_of(faults: Iterable[str], well: str) -> SeverityLines:
    """Yield a failure for each fault, the first ones by their sentences; else that all is well."""
    said = list(faults)
    for text in said[:MAX_TOLD]:
        yield Severity.FAILED, text
    if len(said) > MAX_TOLD:
        yield Severity.FAILED, _("… and %s more of the kind.") % (len(said) - MAX_TOLD)
    if not said:
        yield Severity.OK, well

"""What the figures of a table mean: the catalogue's definitions, in the words of the reader."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tafahom.figures.catalogue import MEASURES
from tafahom.reports.tables import FigureMeaning


def meanings(codes: Iterable[str]) -> list[FigureMeaning]:
    """Return the definitions of measures in the catalogue's order; other codes are left out.

    A realisation brings the commitments that it divides by. Measures that share a definition
    share a line.
    """
    wanted = set(codes)
    wanted |= {name.replace("realisation", "committed") for name in wanted}
    labels: dict[str, list[str]] = {}
    for measure in MEASURES.values():
        if measure.code in wanted:
            labels.setdefault(str(measure.definition), []).append(str(measure.label))
    return [FigureMeaning(_(", ").join(named), definition) for definition, named in labels.items()]

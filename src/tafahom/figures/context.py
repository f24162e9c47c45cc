"""What several questions to the figures have in common, read once for all of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tafahom.agreements.promises.of_agreement import AgreementPromises
from tafahom.figures.disclosure.guard import Asker
from tafahom.figures.kept import Promises
from tafahom.figures.members import Slices
from tafahom.jalali import MonthSpan


@dataclass(frozen=True, slots=True)
class FigureContext:
    """Of what is asked and by whom, in the scope in which it is made.

    ``slices`` stands for the ``where`` of the questions. ``promises`` is what the one agreement
    promises that they are of, where it was read: then registers are not asked for it again.
    """

    slices: Slices
    asker: Asker = field(default_factory=Asker)
    promises: AgreementPromises | None = None

    @classmethod
    def of(cls, promises: AgreementPromises) -> "FigureContext":
        """Return the context of questions of one agreement."""
        slices = Slices({"agreement": (promises.agreement.pk,)})
        return cls(slices, promises=promises)

    def compared(self, periods: Iterable[MonthSpan]) -> dict[MonthSpan, Promises]:
        """Return what figures of periods compare with; closed months are looked at once."""
        wanted = list(dict.fromkeys(periods))
        if not wanted:
            return {}
        found = Promises.of_each(wanted, self.slices, self.promises)
        return dict(zip(wanted, found, strict=True))

"""What one agreement promises, read once and told of any year and day."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q, prefetch_related_objects

from tafahom.agreements.amended import steps_of
from tafahom.agreements.models import Agreement, AmendmentLine, Commitment, CommitmentShare, Level
from tafahom.agreements.promises.queries import Carried, carried_by
from tafahom.agreements.promises.rules import quantity_on
from tafahom.agreements.rules import LifeState, was_in_force
from tafahom.jalali import from_jalali, year_end
from tafahom.scoping import everything


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """A commitment and its quantity ``in_force`` on a day, whether it counts, and where.

    ``at_provinces`` is what of it counts with provincial agreements.
    """

    of: Commitment
    in_force: int
    counts: bool
    at_provinces: int

    @property
    def own(self) -> int:
        """What counts with the agreement itself, which has it to deliver."""
        return max(0, self.in_force - self.at_provinces) if self.counts else 0


@dataclass(frozen=True, slots=True)
class AgreementPromises:
    """What one agreement promises, what provinces carry of it, and what it carries itself.

    ``commitments`` are its own, the latest year first. ``shares`` are those that it has of
    national commitments and those that provincial agreements have of its own; ``others`` are the
    commitments of these, and of all that implement it. All commitments have the ``lines`` of their amendments at hand.
    """

    agreement: Agreement
    commitments: list[Commitment]
    shares: list[CommitmentShare] = field(default_factory=list)
    others: list[Commitment] = field(default_factory=list)

    def lines(self, on: dt.date) -> list[CommitmentLine]:
        """Return the commitments as they are on a day."""
        years = {one.year for one in self.commitments}
        carried = {year: self.carried(year, on).national for year in years}
        return [
            CommitmentLine(
                one, quantity_in_force(one, on), counts(one), carried[one.year].get(one.pk, 0)
            )
            for one in self.commitments
        ]

    def counted(self, year: int, on: dt.date) -> dict[str, int]:
        """Return what counts of a year by measure; what nothing is promised of is left out.

        What provinces carry of it counts there; what it carries itself without a commitment of
        its own counts here.
        """
        of_year = (one for one in self.lines(on) if one.of.year == year and one.counts)
        found = {one.of.measure: one.own for one in of_year}
        for (agreement_id, measure), quantity in self.carried(year, on).alone.items():
            if agreement_id == self.agreement.pk:
                found[measure] = found.get(measure, 0) + quantity
        return found

    def carried(self, year: int, on: dt.date) -> Carried:
        """Return what is carried of a year, as ``queries.carried`` does, by these shares."""
        of_year = (one for one in (*self.commitments, *self.others) if one.year == year)
        own = {
            (one.agreement_id, one.measure): quantity_in_force(one, on)
            for one in of_year
            if counts(one)
        }
        shares = [
            one
            for one in self.shares
            if one.commitment.year == year and _was_in_force(one.agreement, year)
        ]
        return carried_by(shares, own, on=on)


@everything("what provinces that one may not see carry counts there and not at the nation")
def promises_of(
    agreement: Agreement, *, is_shared: bool = True, is_amended: bool = True
) -> AgreementPromises:
    """Read what an agreement promises, in four questions at most.

    ``is_shared`` says that others may implement it, or have shares in it, or it in others, and
    ``is_amended`` that one of these may have amendments: what is not so is not asked for.
    """
    own = list(agreement.commitments.order_by("-year", "measure"))
    shares, others = _shared(agreement) if is_shared else ([], [])
    for one in own:
        one.agreement = agreement
    changed = AmendmentLine.objects.select_related("amendment")
    lines = Prefetch("lines", changed if is_amended else AmendmentLine.objects.none())
    prefetch_related_objects([*own, *others], lines)
    return AgreementPromises(agreement, own, shares, others)


def _shared(agreement: Agreement) -> tuple[list[CommitmentShare], list[Commitment]]:
    """Return shares that an agreement has or others have in it, and these agreements' promises."""
    of_both = Q(agreement=agreement) | Q(commitment__agreement=agreement)
    shares = list(
        CommitmentShare.objects.filter(of_both).select_related("agreement", "commitment").order_by()
    )
    sides = {one.agreement_id for one in shares} | {one.commitment.agreement_id for one in shares}
    if not sides and agreement.level != Level.NATIONAL:
        return shares, []
    found = Commitment.objects.filter(Q(agreement__in=sides) | Q(agreement__parent=agreement))
    others = found.exclude(agreement=agreement).select_related("agreement").order_by()
    return shares, list(others)


def quantity_in_force(promise: Commitment, on: dt.date) -> int:
    """Return what a commitment is on a day, by its ``lines`` at hand (``queries.promised``)."""
    agreement, left = promise.agreement, promise.left
    is_cut = agreement.state == LifeState.TERMINATED and left is not None
    if is_cut and agreement.stopped_on and agreement.stopped_on <= on:
        return left or 0
    return quantity_on(on, promise.quantity, steps_of(promise.lines.all()))


def counts(promise: Commitment) -> bool:
    """Whether a commitment counts, as of ``queries.counted``."""
    return _was_in_force(promise.agreement, promise.year)


def _was_in_force(agreement: Agreement, year: int) -> bool:
    return was_in_force(
        agreement.state,
        (agreement.starts_on, agreement.ends_on),
        agreement.stopped_on,
        year=(from_jalali(year, 1, 1), year_end(year)),
    )

"""How the provincial agreements of a national one stand: promised, delivered and not shared out."""

from collections import defaultdict
from dataclasses import dataclass

from tafahom.agreements.models import Agreement
from tafahom.agreements.promises.of_agreement import AgreementPromises, counts, quantity_in_force
from tafahom.figures.context import FigureContext
from tafahom.figures.members import Slices
from tafahom.figures.queries import rows_in
from tafahom.figures.rules import percent
from tafahom.figures.scope import holds_whole_agreements
from tafahom.figures.tables import FigureQuery, Number
from tafahom.jalali import MonthSpan

MEASURES = ("persons", "person_hours")


@dataclass(slots=True)
class LevelProgress:
    """Of one measure: the share of the national commitment, promised and delivered.

    None where nothing is recorded or counts or, of ``delivered``, nothing may be seen. ``is_hidden`` says
    that something was delivered, or not, and the asker may not learn it (``disclosure``).
    """

    share: int | None = None
    promised: int | None = None
    delivered: Number = None
    is_hidden: bool = False

    @property
    def realisation(self) -> float | None:
        """Delivered in percent of promised; None without a promise or figures."""
        return None if self.delivered is None else percent(self.delivered, self.promised)


@dataclass(frozen=True, slots=True)
class ProvincialRow:
    """A provincial agreement and how it stands in a year."""

    agreement: Agreement
    persons: LevelProgress
    person_hours: LevelProgress


@dataclass(frozen=True, slots=True)
class Provinces:
    """The provincial agreements of a national one in a year, and their sum.

    Persons delivered have no sum: the same person may have come in two provinces. ``left`` is
    what of the national commitment is not shared out; None where it promises nothing.
    """

    year: int
    rows: list[ProvincialRow]
    persons: LevelProgress
    person_hours: LevelProgress
    national: dict[str, int | None]
    left: dict[str, int | None]


def provinces_of(
    promises: AgreementPromises, period: MonthSpan, *, sees_figures: bool
) -> Provinces:
    """Return how the provincial agreements stand in the year of a period, through its end.

    One question to the register and one to the figures, however many there are. A promise is
    the one in force at the end of the period; that of a draft does not count. What the asker may not
    see is not summed, but is shared out all the same.
    """
    national, year, on = promises.agreement, period.year, period.end
    children = list(
        national.implementations.select_related("partner", "province").order_by(
            "province__sort_key", "number"
        )
    )
    found: dict[int, dict[str, LevelProgress]] = defaultdict(
        lambda: {measure: LevelProgress() for measure in MEASURES}
    )
    for one in promises.others:
        if one.year == year and counts(one):
            found[one.agreement_id][one.measure].promised = quantity_in_force(one, on)
    shared = dict.fromkeys(MEASURES, 0)
    for share in promises.shares:
        if share.commitment.agreement_id == national.pk and share.commitment.year == year:
            measure = share.commitment.measure
            found[share.agreement_id][measure].share = share.quantity
            shared[measure] += share.quantity
    if children and sees_figures and holds_whole_agreements():
        _deliver(children, found, period)
    rows = [
        ProvincialRow(one, found[one.pk]["persons"], found[one.pk]["person_hours"])
        for one in children
    ]
    own = {
        one.measure: quantity_in_force(one, on) for one in promises.commitments if one.year == year
    }
    return Provinces(
        year=year,
        rows=rows,
        persons=_sum([row.persons for row in rows], adds_up=False),
        person_hours=_sum([row.person_hours for row in rows], adds_up=True),
        national={measure: own.get(measure) for measure in MEASURES},
        left={
            measure: own[measure] - shared[measure] if measure in own else None
            for measure in MEASURES
        },
    )


def _deliver(
    children: list[Agreement], found: dict[int, dict[str, LevelProgress]], period: MonthSpan
) -> None:
    query = FigureQuery(
        year=period.year,
        through_month=period.through_month,
        by=("agreement",),
        has_commitments=False,
    )
    by_agreement = rows_in(FigureContext(Slices({})), query)
    for one in children:
        row = by_agreement.get((one.pk,))
        for measure in MEASURES:
            standing = found[one.pk][measure]
            standing.is_hidden = row is not None and row.is_hidden
            if not standing.is_hidden:
                standing.delivered = (row.values[measure] if row else None) or 0


def _sum(standings: list[LevelProgress], *, adds_up: bool) -> LevelProgress:
    def total(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    delivered = [one.delivered for one in standings if one.delivered is not None]
    is_hidden = any(one.is_hidden for one in standings)
    adds_up = adds_up and not is_hidden
    return LevelProgress(
        share=total([one.share for one in standings]),
        promised=total([one.promised for one in standings]),
        delivered=sum(delivered) if adds_up and delivered else None,
        is_hidden=is_hidden,
    )

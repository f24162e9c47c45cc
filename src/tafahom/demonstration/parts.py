"""Further parties and parts of promises of the agreements of now, through the actions of pages."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate

from tafahom.access.models import User
from tafahom.agreements.actions import add_party
from tafahom.agreements.levels.actions import share_out
from tafahom.agreements.models import Agreement, CommittedMeasure
from tafahom.agreements.parts.rules import QUARTERS, Division, Place
from tafahom.agreements.promises.actions import break_down
from tafahom.demonstration.records import SampleCourse, data
from tafahom.parties.models import County, Partner
from tafahom.persian import normal_key

SHARED = (3, 5)  # of a national promise, what its province takes over at most
ROUND = 5


def invite(agreement: Agreement, *, by: User) -> None:
    """Let the body sign that the data names beside the partner, if there is one."""
    named = data()["present"]["beside"].get(agreement.partner.name)
    if named:
        partner = Partner.objects.get(key=normal_key(named["partner"]))
        add_party(agreement, partner=partner, role=named["role"], by=by)


def divide(agreement: Agreement, courses: Iterable[SampleCourse], *, by: User) -> None:
    """Divide what a draft promises for its last year: persons by county, hours by quarter.

    Counties as far as they were taught in, so that the parts are near what came of them.
    """
    last = agreement.commitments.latest("year").year
    promised = dict(agreement.commitments.filter(year=last).values_list("measure", "quantity"))
    taught: Counter[str] = Counter()
    for course in courses:
        taught[course.county] += len(course.seats)
    counties = {one.key: one for one in County.objects.filter(province=agreement.province)}
    places = {
        Place(county=county.pk, label=county.name): seats
        for name, seats in sorted(taught.items())
        if (county := counties.get(normal_key(name)))
    }
    persons = _in_proportion(promised[CommittedMeasure.PERSONS], places)
    quarters = {
        Place(quarter=one): weight for one, weight in zip(QUARTERS, _weights(), strict=True)
    }
    hours = _in_proportion(promised[CommittedMeasure.PERSON_HOURS], quarters)
    for measure, by_what, quantities in (
        (CommittedMeasure.PERSONS, "county", persons),
        (CommittedMeasure.PERSON_HOURS, "quarter", hours),
    ):
        division = Division((by_what,), quantities, is_complete=True)
        break_down(agreement, year=last, measure=measure, division=division, by=by)


def take_share(agreement: Agreement, *, by: User) -> None:
    """Give a provincial agreement its share of what the national one promises."""
    if agreement.parent is None:
        return
    own = {(one.year, one.measure): one.quantity for one in agreement.commitments.all()}
    for national in agreement.parent.commitments.all():
        part, whole = SHARED
        most = national.quantity * part // whole
        quantity = min(own.get((national.year, national.measure), 0), most) // ROUND * ROUND
        if quantity:
            share_out(national, agreement=agreement, quantity=quantity, by=by)


def _weights() -> list[int]:
    """Return how much of a year is taught in each quarter."""
    months = data()["present"]["weights"]
    return [sum(months[start : start + 3]) for start in range(0, 12, 3)]


def _in_proportion(whole: int, weights: Mapping[Place, int]) -> dict[Place, int]:
    """Divide a whole by weights, in round numbers as long as it can be; nothing is left over."""
    last = sum(weights.values())
    ends = [whole * upto // last // ROUND * ROUND for upto in accumulate(weights.values())]
    ends[-1] = whole
    starts = [0, *ends[:-1]]
    return {
        place: end - start
        for place, start, end in zip(weights, starts, ends, strict=True)
        if end > start
    }

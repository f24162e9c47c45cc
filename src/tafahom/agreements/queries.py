"""Reading agreements."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet

from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    Commitment,
    CostShare,
    Decision,
    Meeting,
    Obligation,
    Side,
    Signatory,
)
from tafahom.agreements.rules import TRAINING_STATES, Life, LifeState
from tafahom.jalali import from_jalali, year_end
from tafahom.parties.models import Partner
from tafahom.parties.queries import is_revealing
from tafahom.persian import clean, normal_key, number_key, search_words, to_ascii_digits
from tafahom.scoping import everything

_MAX_IN = 900  # SQLite's bound on parameters of one statement is 999 in old builds


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What judging a roster needs of an agreement."""

    id: int
    number: str
    starts_on: dt.date
    ends_on: dt.date
    partner_key: str
    partner_name: str
    main_audience_id: int | None


def terms_by_key(numbers: Iterable[str]) -> dict[str, AgreementTerms]:
    """Terms of the agreements that have these numbers, by ``persian.number_key`` of the number."""
    keys = {number_key(number) for number in numbers}
    rows = Agreement.objects.filter(key__in=keys).select_related("partner")
    return {
        row.key: AgreementTerms(
            id=row.pk,
            number=row.number,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            partner_key=row.partner.key,
            partner_name=row.partner.name,
            main_audience_id=row.partner.main_audience_id,
        )
        for row in rows
    }


def life_of(agreement: Agreement) -> Life:
    """Return what the guards of a transition look at."""
    return life_by(
        agreement,
        parties=agreement.parties.count(),
        signatories=agreement.signatories.all(),
        promises=agreement.commitments.all(),
        successors=agreement.successors.all(),
    )


def life_by(
    agreement: Agreement,
    *,
    parties: int,
    signatories: Iterable[Signatory],
    promises: Iterable[Commitment],
    successors: Iterable[Agreement],
) -> Life:
    """Return what ``life_of`` does, from what is at hand of the agreement."""
    years = {one.year for one in promises if one.quantity}
    return Life(
        state=LifeState(agreement.state),
        signed_on=agreement.signed_on,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        sides=len(Side) + parties,
        signed_sides=len({(one.side, one.party_id) for one in signatories if one.signed_on}),
        commitment_years=tuple((from_jalali(year, 1, 1), year_end(year)) for year in years),
        has_successor=any(one.state in TRAINING_STATES for one in successors),
    )


@everything("a number is taken by whomever it is")
def is_number_taken(number: str, *, besides: Agreement | None = None) -> bool:
    """Whether an agreement of anybody has this number, however it is written."""
    found = Agreement.objects.filter(key=number_key(number))
    return (found.exclude(pk=besides.pk) if besides else found).exists()


def signed_by(partner: Partner) -> QuerySet[Agreement]:
    """Return the agreements that a body signs, as the partner or beside another; newest first."""
    beside = Agreement.objects.filter(parties__partner=partner)
    found = Agreement.objects.filter(Q(partner=partner) | Q(pk__in=beside.values("pk")))
    return found.select_related("partner").order_by("-starts_on", "number")


def agreements_by_partner(partner_ids: Iterable[int]) -> dict[int, int]:
    """Return how many agreements each of some partners has, by its id; who has none is left out."""
    rows = Agreement.objects.filter(partner_id__in=list(partner_ids)).order_by()
    return dict(rows.values_list("partner_id").annotate(count=Count("pk")))


def newest_numbers(most: int) -> list[tuple[str, str]]:
    """Return numbers of agreements of the scope with their partners, the latest to start first."""
    found = Agreement.objects.order_by("-starts_on", "-pk").select_related("partner")
    return [(one.number, one.partner.name) for one in found[:most]]


def agreement_numbers(uids: Collection[str]) -> dict[str, str]:
    """Return the numbers of agreements by uid."""
    return dict(Agreement.objects.filter(uid__in=uids).values_list("uid", "number"))


def agreement_names(uids: Collection[str]) -> dict[str, str]:
    """Return number and partner of agreements by uid."""
    rows = Agreement.objects.filter(uid__in=uids).select_related("partner")
    return {row.uid: f"{row.number} · {row.partner.name}" for row in rows}


@everything("what tells of people does so whoever asks")
def revealing_agreements() -> frozenset[int]:
    """Return the agreements that tell of who is trained under them: prisoners, refugees …; by id."""
    return frozenset(revealing().order_by().values_list("pk", flat=True))


def revealing() -> QuerySet[Agreement]:
    """Return the agreements that tell of who is trained under them, of what is in the scope.

    Where an agreement does not say, it does as its partner or another body that signs it, or when
    it names a sensitive group to be trained.
    """
    beside = AgreementParty.objects.filter(is_revealing("partner__")).order_by()
    groups = Agreement.audiences.through._default_manager.filter(audience__is_sensitive=True)
    unsaid = (
        is_revealing("partner__")
        | Q(pk__in=beside.values("agreement"))
        | Q(pk__in=groups.values("agreement"))
    )
    return Agreement.objects.filter(Q(reveals_status=True) | Q(reveals_status=None) & unsaid)


def shown(ids: Collection[int]) -> dict[int, Agreement]:
    """Return agreements by id with what a line of a long list shows of them, in two questions.

    Partners are shared: reading each agreement's own copy takes three times as long.
    """
    found = Agreement.objects.only("uid", "number", "ends_on", "partner_id")
    if len(ids) <= _MAX_IN:
        found = found.filter(pk__in=ids)
    partners = Partner.objects.only("name", "sort_key")
    return {one.pk: one for one in found.prefetch_related(Prefetch("partner", partners))}


def ending(by: dt.date, *, today: dt.date) -> QuerySet[Agreement]:
    """Return agreements in force that end by a day and that no signed agreement renews."""
    renewed = Agreement.objects.filter(
        predecessor=OuterRef("pk"), state__in=TRAINING_STATES | {LifeState.SIGNED}
    )
    found = Agreement.objects.filter(state=LifeState.IN_FORCE, ends_on__range=(today, by))
    return found.exclude(Exists(renewed))


def past_their_end(today: dt.date) -> QuerySet[Agreement]:
    """Return agreements whose term is over and whose end nobody has recorded."""
    return Agreement.objects.filter(
        state__in=(LifeState.IN_FORCE, LifeState.SUSPENDED), ends_on__lt=today
    )


def due(by: dt.date) -> QuerySet[Obligation]:
    """Return obligations, not met, that are due by a day, the longest due first."""
    found = Obligation.objects.filter(done_on=None, due_on__lte=by)
    return found.only("uid", "text", "due_on", "agreement_id")


def unpaid(by: dt.date) -> QuerySet[CostShare]:
    """Return instalments due before a day of which something is left to pay."""
    found = CostShare.objects.filter(paid__lt=F("amount"), due_on__lt=by)
    return found.only("uid", "title", "due_on", "amount", "paid", "agreement_id")


def unminuted(by: dt.date) -> QuerySet[Meeting]:
    """Return meetings held before a day of which there are no minutes."""
    found = Meeting.objects.filter(minutes="", held_on__lt=by)
    return found.only("uid", "held_on", "agreement_id")


def meetings(first: dt.date, last: dt.date) -> QuerySet[Meeting]:
    """Return meetings from one day to another, whether minuted or not."""
    found = Meeting.objects.filter(held_on__range=(first, last))
    return found.only("uid", "held_on", "agreement_id")


def undone(by: dt.date) -> QuerySet[Any]:
    """Return decisions of committees that were to be carried out before a day and are not.

    Each has the ``agreement_id`` of its meeting.
    """
    found = Decision.objects.filter(done_on=None, due_on__lt=by)
    return found.only("uid", "text", "due_on").annotate(agreement_id=F("meeting__agreement_id"))


def agreements_in_full() -> QuerySet[Agreement]:
    """Return agreements with all that is told of one: partner, province, and those it stands to."""
    return Agreement.objects.select_related(
        "partner__main_audience", "partner__kind", "parent", "province", "predecessor"
    )


def agreements_held(uid: str) -> QuerySet[Agreement]:
    """Return agreements with their partners, the one of this uid held until the transaction ends.

    What a write is judged by stays as it is until all is written.
    """
    Agreement.objects.select_for_update().filter(uid=uid).first()
    return Agreement.objects.select_related("partner")


def obligations() -> QuerySet[Obligation]:
    """Return obligations with their agreements."""
    return Obligation.objects.select_related("agreement")


def uid_of_number(number: str) -> str | None:
    """Return the uid of the agreement of a number, however it is written; None for none."""
    found = Agreement.objects.filter(key=number_key(number)).values_list("uid", flat=True)
    return found.first()


def agreements(*, text: str = "", level: str = "", kind: str = "") -> QuerySet[Agreement]:
    """Return agreements of which every word of a text is told, by number or partner.

    ``kind`` is the code of a kind of partner; what is empty leaves no agreement out.
    """
    found = Agreement.objects.all()
    for word in search_words(text):
        found = found.filter(
            Q(partner__key__contains=normal_key(word))
            | Q(key__contains=number_key(word))
            | Q(number__icontains=to_ascii_digits(clean(word)))
        )
    if level:
        found = found.filter(level=level)
    return found.filter(partner__kind__code=kind) if kind else found


def agreements_by_id(ids: Collection[int]) -> dict[int, Agreement]:
    """Return agreements, with their partners and these kinds, by id."""
    return Agreement.objects.select_related("partner__kind").in_bulk(ids)


@everything("who serves a body serves all that it signs, whoever is the partner")
def co_signed(partners: Collection[int]) -> dict[int, set[str]]:
    """Return the external ids of the agreements that partners sign beside another, by partner."""
    found: dict[int, set[str]] = defaultdict(set)
    signed = AgreementParty.objects.filter(partner__in=partners)
    for partner, agreement in signed.values_list("partner", "agreement__uid"):
        found[partner].add(agreement)
    return found

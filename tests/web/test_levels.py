"""National agreements, the provincial ones that implement them, and further parties."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.agreements.actions import TransitionRefusedError, add_party, move, remove_party, sign
from tafahom.agreements.drafts.actions import edit_draft, facts_of
from tafahom.agreements.levels.actions import implement, share_out
from tafahom.agreements.models import Agreement, Commitment, CommittedMeasure, Side, Signatory
from tafahom.agreements.promises.actions import amend
from tafahom.agreements.promises.of_agreement import promises_of
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts.actions import freeze
from tafahom.agreements.texts.beginning import write_text
from tafahom.agreements.texts.queries import clauses_of
from tafahom.agreements.texts.rules import Content
from tafahom.figures.levels import provinces_of
from tafahom.jalali import MonthSpan, from_jalali, today
from tafahom.refusals import Refusal
from tafahom.reports.agreements.writing import agreement_document
from tafahom.scoping import Scope, scoped_to

PERSONS = CommittedMeasure.PERSONS
YEAR = MonthSpan(1397, 1, 12)


def draft(year: SimpleNamespace, number: str = "9/97", **changes: object) -> Agreement:
    given = {"number": number, "province": year.world.province, "by": None,
             "starts_on": from_jalali(1397, 1, 1), "ends_on": from_jalali(1397, 12, 29)}  # fmt: skip
    return implement(year.national, **given | changes)


def persons_of(year: SimpleNamespace) -> Commitment:
    return year.national.commitments.get(year=1397, measure="persons")


def test_shares_never_exceed_the_national_commitment(year: SimpleNamespace) -> None:
    """Of ten persons one province takes six, another at most four."""
    other = draft(year)
    share_out(persons_of(year), agreement=year.child, quantity=6, by=None)
    with pytest.raises(Refusal) as refused:
        share_out(persons_of(year), agreement=other, quantity=5, by=None)
    assert (refused.value.code, refused.value.params) == (
        "shares.too_much",
        {"promised": 10, "parts": 11},
    )
    share_out(persons_of(year), agreement=other, quantity=4, by=None)
    # A draft promises its share; what is signed keeps what it promised.
    assert other.commitments.get().quantity == 4
    assert year.child.commitments.get().quantity == 6
    share_out(persons_of(year), agreement=year.child, quantity=5, by=None)
    share_out(persons_of(year), agreement=other, quantity=5, by=None)
    with pytest.raises(Refusal, match="too_much"):
        amend(
            year.national, year=1397, quantities={PERSONS: 9}, signed_on=from_jalali(1397, 5, 1),
            effective_on=from_jalali(1397, 5, 1), reason="کاهش", by=None,
        )  # fmt: skip
    share_out(persons_of(year), agreement=other, quantity=0, by=None)
    assert other.commitments.get().quantity == 0
    with pytest.raises(Refusal, match="not_its_parent"):
        share_out(persons_of(year), agreement=year.trade, quantity=1, by=None)


def test_a_provincial_draft_begins_with_the_national_words(year: SimpleNamespace) -> None:
    Agreement.objects.filter(pk=year.national.pk).update(state=LifeState.DRAFTING)
    year.national.refresh_from_db()
    source = write_text(
        year.national, [Content("موضوع", "آموزش {{ province }}", ("تبصره‌ای",))], by=None
    )
    freeze(year.national, by=None)
    Agreement.objects.filter(pk=year.national.pk).update(state=LifeState.IN_FORCE)
    made = draft(year)
    kept = made.texts.get(number=1)
    assert kept.inherited_from == source
    [clause] = clauses_of(kept)
    assert (clause.heading, clause.lineage) == ("موضوع", clauses_of(source)[0].lineage)
    assert year.world.province.name in clause.text
    assert [note.text for note in clause.notes.all()] == ["تبصره‌ای"]
    assert (made.level, made.parent, made.state) == (
        "provincial",
        year.national,
        LifeState.DRAFTING,
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"number": "3/97"}, "number.taken"),
        ({"starts_on": from_jalali(1394, 12, 29)}, "level.term"),
        ({"ends_on": from_jalali(1400, 1, 1)}, "level.term"),
    ],
)
def test_provincial_drafts_that_are_refused(
    year: SimpleNamespace, changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        draft(year, **changes)


def test_only_a_living_national_agreement_is_implemented(year: SimpleNamespace) -> None:
    for state in (LifeState.ENDED, LifeState.DRAFTING):
        Agreement.objects.filter(pk=year.national.pk).update(state=state)
        with pytest.raises(Refusal, match="not_living"):
            draft(year)
    Agreement.objects.filter(pk=year.national.pk).update(
        state=LifeState.IN_FORCE, level="provincial"
    )
    with pytest.raises(Refusal, match="not_national"):
        draft(year)


def test_the_national_page_sums_the_provinces(year: SimpleNamespace) -> None:
    """The child has promised 6 persons and delivered ali's 20 hours; 10 persons are promised."""
    share_out(persons_of(year), agreement=year.child, quantity=7, by=None)
    found = provinces_of(promises_of(year.national), YEAR, sees_figures=True)
    [row] = found.rows
    assert (row.persons.share, row.persons.promised, row.persons.delivered) == (7, 6, 1)
    assert row.persons.realisation == 16.7
    assert (row.person_hours.promised, row.person_hours.delivered) == (None, 20)
    assert (found.persons.share, found.persons.promised, found.persons.delivered) == (7, 6, None)
    assert found.person_hours.delivered == 20
    assert found.left == {"persons": 3, "person_hours": 100}
    hidden = provinces_of(promises_of(year.national), YEAR, sees_figures=False)
    assert hidden.rows[0].persons.delivered is None


def test_it_is_drafted_and_shared_out_on_the_pages(officer: Client, year: SimpleNamespace) -> None:
    def record(agreement: Agreement, what: str, given: dict[str, object]) -> str:
        address = reverse("web:promise_record", args=[agreement.uid, what])
        assert officer.get(address).status_code == 200
        return officer.post(address, given, follow=True).content.decode()

    said = record(year.national, "implementation", {
        "number": "9/97", "province": year.world.province.pk,
        "starts_on": "1397/01/01", "ends_on": "1397/12/29"})  # fmt: skip
    assert "۹/۹۷" in said
    made = Agreement.objects.get(number="9/97")
    said = record(made, "national_share", {"year": "1397", "persons": "11"})
    assert "۱۱" in said
    assert not made.national_shares.exists()
    said = record(made, "national_share", {"year": "1397", "persons": "4", "person_hours": "۵۰"})
    assert [one.quantity for one in made.commitments.order_by("measure")] == [50, 4]
    page = officer.get(reverse("web:agreement_detail", args=[year.national.uid]))
    assert page.context["figures"].provinces.left == {"persons": 6, "person_hours": 50}
    record(made, "party", {"partner": year.guild.pk, "role": "ناظر"})
    [party] = made.parties.all()
    officer.post(
        reverse("web:agreement_sign", args=[made.uid]),
        {"side": party.uid, "name": "مینا نوری", "signed_on": ""},
    )
    assert Signatory.objects.get().party == party
    gone = reverse("web:promise_record_of", args=[made.uid, "party_gone", party.uid])
    assert officer.get(gone).status_code == 200
    officer.post(gone)
    assert not made.parties.exists()


def test_the_national_page_asks_no_more_for_many(officer: Client, year: SimpleNamespace) -> None:
    page = reverse("web:agreement_detail", args=[year.national.uid])

    def asked() -> int:
        officer.get(page)
        with CaptureQueriesContext(connection) as queries:
            officer.get(page)
        return sum('FROM "agreements_' in query["sql"] for query in queries)

    few = asked()
    for number in range(12):
        made = draft(year, f"9-{number}/97")
        if number < 10:
            share_out(persons_of(year), agreement=made, quantity=1, by=None)
    assert asked() <= few


@pytest.fixture
def negotiated(year: SimpleNamespace) -> Agreement:
    """In negotiation, its term around today."""
    Agreement.objects.filter(pk=year.trade.pk).update(
        state=LifeState.NEGOTIATION,
        signed_on=None,
        starts_on=today() - dt.timedelta(days=30),
        ends_on=today() + dt.timedelta(days=300),
    )
    Commitment.objects.filter(agreement=year.trade).delete()
    year.trade.refresh_from_db()
    return year.trade


def test_it_is_signed_when_each_party_has_signed(
    negotiated: Agreement, year: SimpleNamespace
) -> None:
    third = add_party(negotiated, partner=year.prisons, role="ناظر", by=None)
    day = today() - dt.timedelta(days=40)
    sign(negotiated, side=Side.DIRECTORATE, name="امینی", signed_on=day, by=None)
    sign(negotiated, side=Side.PARTNER, name="نوری", signed_on=day, by=None)
    # A second signature for the partner is not the third party's.
    sign(negotiated, side=Side.PARTNER, name="کریمی", signed_on=day, by=None)
    with pytest.raises(TransitionRefusedError) as refused:
        move(negotiated, LifeState.SIGNED, by=None)
    assert refused.value.codes == ["signature.missing"]
    # One who signs for two bodies does so twice.
    sign(negotiated, side=Side.PARTNER, party=third, name="نوری", signed_on=day, by=None)
    with pytest.raises(Refusal, match="has_signed"):
        remove_party(third, by=None)
    move(negotiated, LifeState.SIGNED, by=None)
    move(negotiated, LifeState.IN_FORCE, by=None)
    for change in (
        lambda: add_party(negotiated, partner=year.world.partner("دیگری"), by=None),
        lambda: remove_party(third, by=None),
    ):
        with pytest.raises(Refusal, match=r"party\.signed"):
            change()


def test_nobody_is_party_twice(negotiated: Agreement, year: SimpleNamespace) -> None:
    third = add_party(negotiated, partner=year.prisons, by=None)
    for partner in (year.prisons, negotiated.partner):
        with pytest.raises(Refusal, match="present"):
            add_party(negotiated, partner=partner, by=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Signatory.objects.create(agreement=negotiated, side="directorate", party=third, name="x")


def test_the_document_names_each_party_and_leaves_it_a_place_to_sign(
    negotiated: Agreement, year: SimpleNamespace
) -> None:
    two = agreement_document(negotiated, None)
    assert "دو طرف" in two.opening
    add_party(negotiated, partner=year.prisons, role="ناظر", by=None)
    fourth = add_party(negotiated, partner=year.world.partner("دانشگاه"), by=None)
    sign(negotiated, side=Side.PARTNER, party=fourth, name="نوری", signed_on=None, by=None)
    found = agreement_document(negotiated, None)
    assert [party.side for party in found.parties] == [
        "طرف نخست",
        "طرف دوم",
        "طرف سوم",
        "طرف چهارم",
    ]
    assert found.parties[2].name == "سازمان زندان‌ها (ناظر)"
    assert [(one.side, one.name) for one in found.signatures[2:]] == [
        ("سازمان زندان‌ها", "……………………"),
        ("دانشگاه", "نوری"),
    ]
    assert "طرف‌های زیر" in found.opening


def test_a_draft_keeps_what_hangs_on_it(year: SimpleNamespace) -> None:
    made = draft(year)
    add_party(made, partner=year.guild, by=None)
    base = facts_of(made)
    changed = replace(base, partner_id=year.guild.pk, parent="")
    with pytest.raises(Refusal, match=r"partner\.party"):
        edit_draft(made, base=base, facts=changed, by=None)
    share_out(persons_of(year), agreement=made, quantity=1, by=None)
    with pytest.raises(Refusal, match=r"parent\.shared"):
        edit_draft(made, base=base, facts=replace(base, parent=""), by=None)
    share_out(persons_of(year), agreement=made, quantity=0, by=None)
    assert edit_draft(made, base=base, facts=replace(base, parent=""), by=None) == ("parent",)


def test_what_other_provinces_took_over_is_not_left(year: SimpleNamespace) -> None:
    """Who sees the national agreement alone sees no province, and what is left all the same."""
    share_out(persons_of(year), agreement=year.child, quantity=6, by=None)
    with scoped_to(Scope(agreements=frozenset({year.national.uid}))):
        found = provinces_of(promises_of(year.national), YEAR, sees_figures=True)
        assert found.rows == []
        assert found.left["persons"] == 4
        with pytest.raises(Refusal, match="too_much"):
            amend(
                year.national, year=1397, quantities={PERSONS: 5},
                signed_on=from_jalali(1397, 5, 1), effective_on=from_jalali(1397, 5, 1),
                reason="کاهش", by=None,
            )  # fmt: skip


def test_the_largest_numbers_do_not_overflow(year: SimpleNamespace) -> None:
    most = 2**63 - 1
    amend(
        year.national, year=1397, quantities={PERSONS: most}, signed_on=from_jalali(1397, 5, 1),
        effective_on=from_jalali(1397, 5, 1), reason="بیشترین", by=None,
    )  # fmt: skip
    share_out(persons_of(year), agreement=year.child, quantity=most, by=None)
    with pytest.raises(Refusal) as refused:
        share_out(persons_of(year), agreement=draft(year), quantity=most, by=None)
    assert refused.value.params == {"promised": most, "parts": 2 * most}


def test_the_history_names_parties_and_shares(sign_in, year: SimpleNamespace) -> None:
    share_out(persons_of(year), agreement=year.child, quantity=6, by=None)
    Agreement.objects.filter(pk=year.child.pk).update(state=LifeState.DRAFTING)
    add_party(year.child, partner=year.guild, role="ناظر ویژه", by=None)
    share_out(persons_of(year), agreement=year.child, quantity=5, by=None)
    address = reverse("web:history", args=["agreement", year.child.uid])
    page = sign_in(Role.AUDITOR).get(address).content.decode()
    assert "<del" in page
    remove_party(year.child.parties.get(), by=None)
    assert "ناظر ویژه" in sign_in(Role.AUDITOR).get(address).content.decode()

"""Proposals: what the public may send, what it sees, and what officers make of it."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.cache import caches
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.agreements.intake import actions, queries
from tafahom.agreements.intake.actions import StaleProposalError
from tafahom.agreements.intake.contacts import contact_of
from tafahom.agreements.intake.queries import Why
from tafahom.agreements.models import Agreement, Level, Proposal, ProposalContact
from tafahom.audit.models import Change, Entry
from tafahom.desk.needs import work_list
from tafahom.jalali import from_jalali
from tafahom.parties.actions import name_fields
from tafahom.parties.models import Audience, County, Partner, PartnerKind, Province
from tafahom.people import rotation
from tafahom.people.keyring import KeyringError
from tafahom.people.sealing import sealer
from tafahom.persian import normal_key
from tafahom.privacy.actions.retention import tidy
from tafahom.refusals import Refusal
from tafahom.web.proposals.forms import _SIGNER_SALT

PROPOSE, TRACK = "/propose/", "/propose/track/"
CONTACT = {
    "name": "نرگس ملکی",
    "post": "مدیر آموزش",
    "phone": "۰۲۶۳۲۷۰۰۰۰۰",
    "email": "n@malek.example",
}
_tokens = iter(range(10**6))


@pytest.fixture(autouse=True)
def _place(db: None, settings: Settings) -> None:
    settings.PROVINCE_CODE = "test"
    province, _ = Province.objects.get_or_create(code="test", defaults=name_fields("استان آزمون"))
    County.objects.create(province=province, **name_fields("نظرآباد"))
    PartnerKind.objects.get_or_create(code="guild-t", defaults=name_fields("صنف آزمون"))
    Audience.objects.get_or_create(code="w-t", defaults=name_fields("کارگر آزمون"))


def token(seconds: int = 60) -> str:
    """A form that was opened so many seconds ago."""
    opened = timezone.now().timestamp() - seconds
    signer = TimestampSigner(salt=_SIGNER_SALT)
    value = f"form-{next(_tokens)}"
    stamped = f"{value}:{b62_encode(int(opened))}"
    return f"{stamped}:{signer.signature(stamped)}"


def given(**others: Any) -> dict[str, Any]:
    fields = {
        "form_token": token(), "organisation": "شرکت فولاد نمونه", "legal_id": "۱۰۳۸۰۲۸۴۷۹۰",
        "kind": PartnerKind.objects.get(code="guild-t").pk, "subject": "آموزش جوشکاری",
        "audiences": [Audience.objects.get(code="w-t").pk], "persons": "۱۲۰", "person_hours": "۹٬۶۰۰",
        "county": County.objects.get(province__code="test").pk, "starts_on": "1406/01/01",
        "ends_on": "1407/12/29", **CONTACT,
    }  # fmt: skip
    return fields | others


def sent(client: Client, **others: Any) -> str:
    """Send a form that is taken; return the code it is answered with."""
    answer = client.post(PROPOSE, given(**others))
    assert answer.status_code == 200, answer.context["form"].errors
    found = re.search(r"[A-Z0-9]{5}(-[A-Z0-9]{5}){3}", answer.content.decode())
    assert found
    return found[0]


def seen_with(client: Client, code: str) -> str:
    return client.post(TRACK, {"code": code}).content.decode()


def decide(client: Client, proposal: Proposal, what: str, **fields: Any) -> Any:
    address = reverse("web:proposal_decide", args=[proposal.uid, what])
    return client.post(address, {"seen": proposal.revision} | fields, follow=True)


def test_a_body_proposes_and_sees_what_became_of_it(stranger: Client, officer: Client) -> None:
    assert stranger.get(PROPOSE).status_code == 200
    code = sent(stranger)
    proposal = Proposal.objects.get()
    assert (proposal.persons, proposal.person_hours, proposal.legal_id) == (
        120,
        9600,
        "10380284790",
    )
    assert code not in (proposal.code_hash, proposal.uid)
    assert "دریافت" in seen_with(stranger, code) or "Received" in seen_with(stranger, code)
    decide(officer, proposal, "decline", words="اکنون ظرفیتی نداریم")
    page = seen_with(stranger, code.lower().replace("-", " "))
    assert "اکنون ظرفیتی نداریم" in page
    assert not [value for value in CONTACT.values() if value in page]
    assert "officer" not in page


def test_sent_twice_it_is_kept_once(stranger: Client) -> None:
    form = token()
    assert sent(stranger, form_token=form) == sent(stranger, form_token=form, subject="دیگر")
    assert Proposal.objects.get().subject == "آموزش جوشکاری"
    assert ProposalContact.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"website": "http://x"}, "__all__"),
        ({"form_token": "made-up"}, "__all__"),
        ({"form_token": lambda: token(1)}, "__all__"),
        ({"form_token": lambda: token(25 * 3600)}, "__all__"),
        ({"subject": "خرید از shop.com"}, "subject"),
        ({"details": "https://spam"}, "details"),
        ({"organisation": "شرکت www.x"}, "organisation"),
        ({"organisation": "ا" * 201}, "organisation"),
        ({"organisation": "؟!"}, "organisation"),
        ({"details": "ا" * 2001}, "details"),
        ({"legal_id": "123"}, "legal_id"),
        ({"legal_id": "10380284791"}, "legal_id"),
        ({"phone": "۱۲۳"}, "phone"),
        ({"email": "nobody"}, "email"),
        ({"audiences": []}, "audiences"),
        ({"persons": "۰"}, "persons"),
        ({"persons": "1000001"}, "persons"),
        ({"person_hours": "چند"}, "person_hours"),
        ({"ends_on": "1406/01/01"}, "ends_on"),
        ({"starts_on": "1390/01/01", "ends_on": "1391/01/01"}, "ends_on"),
        ({"ends_on": "1420/01/01"}, "ends_on"),
        ({"starts_on": "1406/13/01"}, "starts_on"),
    ],
)
def test_what_is_not_taken(stranger: Client, wrong: dict[str, Any], where: str) -> None:
    fields = {name: value() if callable(value) else value for name, value in wrong.items()}
    answer = stranger.post(PROPOSE, given(**fields))
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [where]
    assert not Proposal.objects.exists()
    if where != "organisation":
        assert "شرکت فولاد نمونه" in answer.content.decode()  # what was typed stays


def test_a_legal_id_whose_sum_does_not_fit_is_asked_about_once(stranger: Client) -> None:
    answer = stranger.post(PROPOSE, given(legal_id="10380284791"))
    assert 'name="legal_id_sure"' in answer.content.decode()
    sent(stranger, legal_id="10380284791", legal_id_sure="on")
    assert Proposal.objects.get().legal_id == "10380284791"


def test_too_soon_may_be_sent_again_but_a_stale_form_gets_a_new_token(stranger: Client) -> None:
    quick, stale = token(1), token(25 * 3600)
    assert stranger.post(PROPOSE, given(form_token=quick)).context["token"] == quick
    assert stranger.post(PROPOSE, given(form_token=stale)).context["token"] != stale


@pytest.fixture
def counted(settings: Settings) -> None:
    """Attempts are counted, as they are not in other tests."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {
        name: memory | {"LOCATION": f"intake-{name}"} for name in ("default", "limits", "pages")
    }
    caches["limits"].clear()


@pytest.mark.usefixtures("counted")
def test_one_address_sends_a_dozen_an_hour(stranger: Client) -> None:
    answers = [stranger.post(PROPOSE, given(subject="")).status_code for _ in range(13)]
    assert answers == [422] * 12 + [429]


@pytest.mark.usefixtures("counted")
def test_codes_are_not_guessed(stranger: Client) -> None:
    sent(stranger)
    answers = [stranger.post(TRACK, {"code": f"AAAAA-{n}"}).status_code for n in range(31)]
    assert answers == [422] * 30 + [429]


def test_a_question_is_answered_with_the_code(stranger: Client, officer: Client) -> None:
    code = sent(stranger)
    proposal = Proposal.objects.get()
    decide(officer, proposal, "ask", words="چند کارگاه دارید؟")
    assert "چند کارگاه دارید؟" in seen_with(stranger, code)
    for words, status in (("http://x", 422), ("دو کارگاه", 200), ("سه کارگاه", 200)):
        found = stranger.post("/propose/answer/", {"code": code, "words": words})
        assert found.status_code == status
    proposal.refresh_from_db()
    assert proposal.state == "review"
    assert list(proposal.steps.values_list("words", flat=True)) == [
        "دو کارگاه",
        "چند کارگاه دارید؟",
        "",
    ]
    assert stranger.post("/propose/answer/", {"code": "x", "words": "y"}).status_code == 422


def test_an_accepted_proposal_becomes_a_draft_with_nothing_typed_twice(
    stranger: Client, officer: Client
) -> None:
    code = sent(stranger)
    proposal = Proposal.objects.get()
    page = officer.get(reverse("web:proposal_detail", args=[proposal.uid]))
    number = page.context["accept"]["number"].value()
    said = decide(officer, proposal, "accept", number=number, level="provincial", partner="new")
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.subject, agreement.partner.legal_id) == (
        "proposed", "آموزش جوشکاری", "10380284790",
    )  # fmt: skip
    assert (agreement.starts_on, agreement.ends_on) == (
        from_jalali(1406, 1, 1), from_jalali(1407, 12, 29),
    )  # fmt: skip
    assert [one.name for one in agreement.audiences.all()] == ["کارگر آزمون"]
    promises = agreement.commitments.values_list("measure", "quantity")
    assert sum(quantity for measure, quantity in promises if measure == "persons") == 120
    assert sum(quantity for measure, quantity in promises if measure == "person_hours") == 9600
    assert {one.year for one in agreement.commitments.all()} == {1406, 1407}
    [signatory] = agreement.signatories.all()
    assert (signatory.name, signatory.title, signatory.signed_on) == (
        "نرگس ملکی",
        "مدیر آموزش",
        None,
    )
    text = said.content.decode()
    assert reverse("web:proposal_detail", args=[proposal.uid]) in text
    assert "پذیرفته" in seen_with(stranger, code) or "Accepted" in seen_with(stranger, code)


def test_a_known_body_is_found_and_not_made_twice(stranger: Client, officer: Client) -> None:
    kind = PartnerKind.objects.get(code="guild-t")
    known = Partner.objects.create(**name_fields("فولاد دیگر"), kind=kind, legal_id="10380284790")
    like = Partner.objects.create(**name_fields("شرکت فولاد نمونه البرز"), kind=kind)
    Partner.objects.create(**name_fields("زندان"), kind=kind)
    sent(stranger)
    proposal = Proposal.objects.get()
    found = [(one.partner, one.why) for one in queries.candidates(proposal)]
    assert found == [(known, Why.LEGAL_ID), (like, Why.ALIKE)]
    refused = decide(officer, proposal, "accept", number="۱/۱", level="national", partner="new")
    assert refused.status_code == 422
    decide(officer, proposal, "accept", number="۱/۱", level="national", partner=known.uid)
    assert Agreement.objects.get().partner == known
    assert Partner.objects.count() == 3


def test_a_match_by_name_learns_its_legal_id(stranger: Client) -> None:
    kind = PartnerKind.objects.get(code="guild-t")
    known = Partner.objects.create(**name_fields("شرکت  فولاد نمونه"), kind=kind)
    sent(stranger)
    proposal = Proposal.objects.get()
    with pytest.raises(Refusal, match="partner"):
        actions.accept(
            proposal, number="1/2", level=Level.PROVINCIAL, partner=None, seen=1, by=None
        )
    actions.accept(proposal, number="1/2", level=Level.PROVINCIAL, partner=known, seen=1, by=None)
    known.refresh_from_db()
    assert known.legal_id == "10380284790"


def test_of_two_who_decide_the_second_is_told(stranger: Client, officer: Client, sign_in) -> None:
    sent(stranger)
    seen_by_both = Proposal.objects.get()
    decide(officer, seen_by_both, "decline", words="نه")
    said = decide(officer, seen_by_both, "accept", number="1/3", level="national", partner="new")
    assert "agreements_officer" in said.content.decode()
    assert not Agreement.objects.exists()
    with pytest.raises(StaleProposalError):
        actions.ask(seen_by_both, question="؟", seen=2, by=None)


def test_a_taken_number_and_empty_words_are_refused(stranger: Client, officer: Client) -> None:
    sent(stranger)
    sent(stranger, organisation="شرکت دیگر", legal_id="10380284791", legal_id_sure="on")
    first, second = Proposal.objects.all()
    decide(officer, first, "accept", number="۵/۶", level="national", partner="new")
    taken = decide(officer, second, "accept", number="5-6", level="national", partner="new")
    assert taken.context["accept"].errors.keys() == {"number"}
    assert decide(officer, second, "decline", words=" ").status_code == 422
    assert decide(officer, second, "delete").status_code == 404
    assert Proposal.objects.get(pk=second.pk).state == "received"


def test_contacts_stay_out_of_the_audit_and_go_in_time(
    stranger: Client, officer: Client, settings: Settings
) -> None:
    sent(stranger)
    proposal = Proposal.objects.get()
    decide(officer, proposal, "decline", words="نه")
    kept = str(list(Entry.objects.values())) + str(list(Change.objects.values()))
    assert not [value for value in CONTACT.values() if value in kept]
    settings.INTAKE_KEEP_DAYS = 30
    Proposal.objects.update(decided_at=timezone.now() - dt.timedelta(days=29, hours=23))
    assert tidy(by=None).contacts == 0
    Proposal.objects.update(decided_at=timezone.now() - dt.timedelta(days=30, hours=1))
    assert tidy(by=None).contacts == 1
    page = officer.get(reverse("web:proposal_detail", args=[proposal.uid])).content.decode()
    assert "نرگس" not in page
    assert "شرکت فولاد نمونه" in page


def test_contacts_lie_sealed_each_in_its_place(stranger: Client, officer: Client) -> None:
    sent(stranger)
    sent(stranger)
    first, second = Proposal.objects.order_by("pk")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_proposalcontact")
        kept = b"".join(
            bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
            for row in cursor.fetchall()
            for value in row
        )
    assert not [value for value in CONTACT.values() if value.encode() in kept]
    page = reverse("web:proposal_detail", args=[first.uid])
    assert "نرگس" in officer.get(page).content.decode()
    # A new key: the sealed text is another, what it says is the same.
    before = bytes(first.contact.sealed)
    rotation.rotate(by=None, progress=lambda *_counts: None)
    now = ProposalContact.objects.get(proposal=first)
    assert bytes(now.sealed) != before
    assert now.key_version == sealer().key_version
    assert "نرگس" in officer.get(page).content.decode()
    with pytest.raises(KeyringError):
        rotation.retire(now.key_version, by=None)
    # In another's place it does not open.
    ProposalContact.objects.filter(proposal=second).update(sealed=now.sealed)
    assert contact_of(second) is None
    said = officer.get(reverse("web:proposal_detail", args=[second.uid])).content.decode()
    assert "نرگس" not in said
    assert "هیچ کلید" in said


def test_waiting_proposals_need_the_officer_and_nobody_else(stranger: Client, sign_in) -> None:
    sent(stranger)
    for role in (Role.AGREEMENTS_OFFICER, Role.DIRECTOR):
        sign_in(role)
    needs = {one.username: work_list(one) for one in User.objects.all()}
    assert [need.kind for need in needs[Role.AGREEMENTS_OFFICER]] == ["proposal"]
    assert needs[Role.DIRECTOR] == []
    actions.decline(Proposal.objects.get(), reason="نه", seen=1, by=None)
    assert work_list(User.objects.get(username=Role.AGREEMENTS_OFFICER)) == []


def test_an_officer_of_another_province_sees_none(stranger: Client) -> None:
    sent(stranger)
    other = Province.objects.create(code="far", **name_fields("دور"))
    user = User.objects.create(username="far")
    Membership.objects.create(user=user, role=Role.AGREEMENTS_OFFICER, province=other)
    client = Client()
    client.force_login(user)
    assert "شرکت" not in client.get("/proposals/?state=all").content.decode()
    address = reverse("web:proposal_detail", args=[Proposal.objects.get().uid])
    assert client.get(address).status_code == 404


def many(count: int, start: int = 0) -> None:
    county, kind = County.objects.get(province__code="test"), PartnerKind.objects.first()
    day = from_jalali(1406, 1, 1)
    Proposal.objects.bulk_create(
        Proposal(
            code_hash=f"c{n}",
            token_hash=f"t{n}",
            province=county.province,
            legal_id=f"{n:011}",
            organisation=f"شرکت {n}",
            key=normal_key(f"شرکت {n}"),
            kind=kind,
            subject="آموزش",
            persons=n + 1,
            county=county,
            starts_on=day,
            ends_on=day,
        )
        for n in range(start, start + count)
    )


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(address).status_code == 200
    return len(caught)


def test_lists_ask_the_same_however_long(officer: Client) -> None:
    many(2)
    few = queries_of(officer, "/proposals/")
    many(200, 2)
    assert queries_of(officer, "/proposals/") == few <= 12
    assert "شرکت 41" in officer.get("/proposals/?q=شرکت 41").content.decode()
    found = officer.get("/proposals/?state=declined&q=%00&county=9999999999&sort=x&page=99")
    assert found.status_code == 200

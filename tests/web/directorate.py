"""A directorate in which every record has likes in another centre, partner, province and so on."""

import datetime as dt
from dataclasses import asdict, dataclass, field
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from figures.world import World, record
from periods.conftest import shut
from roster_files import line, roster
from rosters import national_id
from tafahom.access.models import AccountRequest, Membership, User
from tafahom.access.rules import Part, Role
from tafahom.agreements.models import (
    Agreement,
    AgreementParty,
    AgreementTemplate,
    Commitment,
    CostShare,
    Decision,
    FileKind,
    Meeting,
    Obligation,
    Proposal,
    Side,
)
from tafahom.agreements.promises import actions as promises
from tafahom.agreements.texts import actions as texts
from tafahom.agreements.texts import beginning, files
from tafahom.agreements.texts.rules import Content
from tafahom.audit.models import Entry
from tafahom.exchange.models import RosterAnswer
from tafahom.exchange.rosters import staging
from tafahom.jalali import from_jalali
from tafahom.parties.models import Centre, Partner, Province
from tafahom.people.models import Identity, Person
from tafahom.people.sealing import IdentityData, sealer
from tafahom.periods.actions import ask_reopening
from tafahom.privacy.actions.exports import request_export
from tafahom.privacy.actions.retention_requests import preview
from tafahom.privacy.models import Cause, ReadingAlarm, RetentionRequest, Subject, YearsRequest
from tafahom.training.models import Course, CourseSession, RegistryLoad, RosterImport

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\nxref\n0 1\ntrailer\n<<>>\nstartxref\n29\n%%EOF\n"
EMPTY_MONTH = 139701
Value = int | str


@dataclass(frozen=True)
class Place:
    """Where a record lies: for each part, the values of which a membership opens it."""

    parts: dict[Part, frozenset[Value]]

    def is_in(self, part: Part | None, value: Value | None) -> bool:
        """Whether a membership for this part, None being the installation, reaches it."""
        return part is None or value in self.parts.get(part, frozenset())

    def __or__(self, other: "Place") -> "Place":
        return Place({part: self.parts[part] | other.parts[part] for part in Part})


@dataclass
class Directorate:
    """Records by kind and variant: "own" and those that differ from it in one thing."""

    own: dict[Part, Value]
    places: dict[str, dict[str, Place]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, kind: str, variant: str, record: Any, place: Place) -> None:
        self.records.setdefault(kind, {})[variant] = record
        self.places.setdefault(kind, {})[variant] = place


NOWHERE = Place({part: frozenset() for part in Part})


def build() -> Directorate:
    """Make the directorate; its ids and months are what the tests' addresses are made of."""
    world = World()
    somebody = User.objects.create(username="somebody-else")
    here, there = world.province, record(Province, "استان دیگر", code="other")
    one, two = world.centre("مرکز یک"), world.centre("مرکز دو")
    away = record(
        Centre, "مرکز دور", province=there, centre_type=world.centre_type, county=world.county
    )
    mine, theirs = world.partner("دستگاه یک"), world.partner("دستگاه دو")
    a, b = world.agreement("1/97", mine), world.agreement("2/97", mine)
    c = world.agreement("3/97", theirs)
    d = world.agreement("4/97", theirs)
    Agreement.objects.filter(pk=d.pk).update(province=there)
    d.refresh_from_db()
    courses = {
        "own": (a, one),
        "other_course": (a, one),
        "other_centre": (a, two),
        "other_agreement": (b, one),
        "other_partner": (c, one),
        "other_province": (d, away),
    }
    made = {
        name: _course(world, agreement, centre, number)
        for number, (name, (agreement, centre)) in enumerate(courses.items())
    }
    own = made["own"]
    directorate = Directorate(
        {
            Part.PROVINCE: here.pk,
            Part.CENTRE: one.pk,
            Part.PARTNER: mine.pk,
            Part.AGREEMENT: a.uid,
            Part.COURSE: own.course.uid,
        }
    )
    for name, found in made.items():
        _add_course(directorate, name, found, somebody)
    agreements = {"own": a, "other_agreement": b, "other_partner": c, "other_province": d}
    for name, agreement in agreements.items():
        _add_agreement(directorate, name, agreement)
    for name, partner in (("own", mine), ("other_partner", theirs)):
        of = [_place(course) for course in Course.objects.filter(agreement__partner=partner)]
        place = of[0]
        for further in of[1:]:
            place |= further
        for agreement in partner.agreements.all():
            place |= _only(Part.PROVINCE, agreement.province_id)
        directorate.add("partner", name, partner, place)
        answer = RosterAnswer.objects.create(
            partner=partner, key="column:الف", text="الف", answer="ignore", created_by=somebody
        )
        directorate.add("roster_answer", name, answer, place)
    for name, province in (("own", here), ("other_province", there)):
        month = shut(province, EMPTY_MONTH, by=somebody)
        until = timezone.now() + dt.timedelta(days=1)
        asked = ask_reopening(
            province=province, month=month.month, reason="نمره‌ها جا مانده است", until=until,
            by=somebody,
        )  # fmt: skip
        place = _only(Part.PROVINCE, province.pk)
        directorate.add("province", name, province, place)
        directorate.add("proposal", name, _proposal(world, province), place)
        alarm = ReadingAlarm.objects.create(
            account=somebody, province=province, asked=300, shown=150, first_at=timezone.now(),
            latest_at=timezone.now(),
        )  # fmt: skip
        directorate.add("reading_alarm", name, alarm, place)
        directorate.add("reopening", name, asked, place)
    _add_what_is_of_the_whole(directorate, somebody)
    return directorate


def _course(world: World, agreement: Agreement, centre: Centre, number: int) -> SimpleNamespace:
    course = world.course(agreement, (1397, 5, 31), starts=(1397, 5, 1), centre=centre)
    person = world.person("female")
    seal = sealer()
    own_number = national_id(5000 + number)
    data = IdentityData(first_name="سارا", last_name=f"کریمی {number}", national_id=own_number)
    Identity.objects.create(
        person=person,
        sealed=seal.seal(data, person_id=person.pk),
        national_id_index=seal.national_id_index(own_number),
        key_version=seal.key_version,
    )
    taken = RosterImport.objects.create(
        sha256=f"{number:064}",
        file_name=f"{number}.csv",
        rows=1,
        accepted=1,
        imported_at=timezone.now(),
    )
    enrolment = world.enrol(
        person, course, audience="زندانی", roster_import=taken, source_sheet="1", source_row=2
    )
    CourseSession.objects.create(
        course=course, ordinal=1, held_on=from_jalali(1397, 5, 10), month=139705, minutes=240
    )
    return SimpleNamespace(course=course, person=person, enrolment=enrolment, taken=taken)


def _add_course(
    directorate: Directorate, name: str, found: SimpleNamespace, somebody: User
) -> None:
    place = _place(found.course)
    directorate.add("course", name, found.course, place)
    directorate.add("person", name, found.person, place)
    directorate.add("roster_import", name, found.taken, place)
    asked = request_export(
        subject=Subject.COURSE, subject_uid=found.course.uid, reason="برای صدور دوباره گواهینامه‌ها",
        with_audience=False, by=somebody,
    )  # fmt: skip
    directorate.add("export", name, asked, place)


def _add_agreement(directorate: Directorate, name: str, agreement: Agreement) -> None:
    place = NOWHERE
    for course in agreement.courses.all():
        place |= _place(course)
    # By its own province, wherever the courses under it are held.
    place = Place(place.parts | {Part.PROVINCE: frozenset({agreement.province_id})})
    third, _made = Partner.objects.get_or_create(
        name="طرف سوم", key="طرف سوم", sort_key="طرف سوم", kind=agreement.partner.kind
    )
    old = Agreement.objects.create(
        number=f"0/{name}", key=f"0/{name}", partner=agreement.partner, level=agreement.level,
        province=agreement.province, starts_on=agreement.starts_on, ends_on=agreement.ends_on,
    )  # fmt: skip
    Agreement.objects.filter(pk=agreement.pk).update(state="drafting", predecessor=old)
    agreement.refresh_from_db()
    first = beginning.write_text(agreement, [Content("موضوع", "آموزش", ())], by=None)
    draft = beginning.start_draft(agreement, by=None)
    file = files.attach(
        agreement, chunks=[PDF], name="نامه.pdf", kind=FileKind.LETTER, note="", by=None
    )
    day = from_jalali(1397, 6, 1)
    share = CostShare.objects.create(
        agreement=agreement, side="partner", title="قسط", due_on=day, amount=10
    )
    meeting = Meeting.objects.create(agreement=agreement, held_on=day, agenda="دستور")
    decision = Decision.objects.create(
        meeting=meeting, text="تصمیم", responsible="کریمی", due_on=day
    )
    obligation = Obligation.objects.create(
        agreement=agreement, side="partner", text="کارگاه", responsible="کریمی", due_on=day
    )
    Commitment.objects.create(agreement=agreement, year=1397, measure="persons", quantity=10)
    promises.appoint(agreement, side=Side.PARTNER, name="نوری", role="", by=None)
    party = AgreementParty.objects.create(agreement=agreement, partner=third, ordinal=1)
    kinds = {
        "party": party, "agreement": agreement, "text": first, "draft": draft, "agreement_file": file,
        "share": share, "meeting": meeting, "decision": decision, "obligation": obligation,
    }  # fmt: skip
    for kind, made in kinds.items():
        directorate.add(kind, name, made, place)
    # What it renews has its partner and province, and is another agreement without courses.
    within = {part: place.parts[part] for part in (Part.PROVINCE, Part.PARTNER)}
    directorate.add("renewing", name, agreement, Place(NOWHERE.parts | within))


def _proposal(world: World, province: Province) -> Proposal:
    day = from_jalali(1405, 1, 1)
    return Proposal.objects.create(
        code_hash=f"code-{province.pk}", token_hash=f"token-{province.pk}", province=province,
        organisation="شرکت", key="شرکت", legal_id="10380284790", kind=world.kinds["صنفی"],
        subject="آموزش", persons=1, county=world.county, starts_on=day, ends_on=day,
    )  # fmt: skip


def _add_what_is_of_the_whole(directorate: Directorate, somebody: User) -> None:
    """Records that only a membership for the installation opens."""
    template = AgreementTemplate.objects.create(name="الگوی آزمون")
    draft = beginning.start_draft(template, by=None)
    texts.add_clause(draft, content=Content("موضوع", "آموزش", ()), by=None)
    staged = staging.stage([SimpleUploadedFile("a.csv", roster(line(1)))], by=somebody)
    account = User.objects.create(username="an-account")
    held = Membership.objects.create(user=account, role=Role.PUBLIC_RELATIONS)
    for role in (Role.ADMINISTRATOR, Role.AGREEMENTS_OFFICER):  # or what they asked for is void
        Membership.objects.create(user=somebody, role=role)
    made = {
        "account": account,
        "held": held,
        "account_request": AccountRequest.objects.create(
            user=account, kind="role", role=Role.AUDITOR, asked_by=somebody
        ),
        "years_request": YearsRequest.objects.create(
            years={"": 5}, before={"": 3}, asked_by=somebody
        ),
        "template": template,
        "template_text": draft,
        "staged": staged,
        "load": RegistryLoad.objects.create(
            registry="partners", file_name="partners.csv", loaded_at=timezone.now()
        ),
        "retention_request": _request_for_all(somebody),
        "entry": Entry.objects.filter(action__startswith="agreements.").first(),
    }
    for kind, row in made.items():
        directorate.add(kind, "own", row, NOWHERE)


def _request_for_all(somebody: User) -> RetentionRequest:
    people = sorted(Person.objects.values_list("uid", flat=True))
    shown, digest = preview(list(Person.objects.all()), cause=Cause.REQUEST)
    return RetentionRequest.objects.create(
        cause=Cause.REQUEST, people=people, preview=asdict(shown), digest=digest,
        requested_by=somebody, expires_at=timezone.now() + dt.timedelta(days=1),
    )  # fmt: skip


def _place(course: Course) -> Place:
    agreement = course.agreement
    return Place(
        {
            Part.PROVINCE: frozenset({course.centre.province_id}),
            Part.CENTRE: frozenset({course.centre_id}),
            Part.PARTNER: frozenset({agreement.partner_id}),
            Part.AGREEMENT: frozenset({agreement.uid}),
            Part.COURSE: frozenset({course.uid}),
        }
    )


def _only(part: Part, value: Value) -> Place:
    return Place(NOWHERE.parts | {part: frozenset({value})})

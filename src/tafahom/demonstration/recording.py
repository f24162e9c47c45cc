"""Recording the agreements of now, through the actions that pages use."""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.actions import (
    Term,
    fulfil,
    move,
    oblige,
    save_agreement,
    save_commitment,
    set_parent,
    sign,
)
from tafahom.agreements.models import (
    Agreement,
    Amendment,
    CommittedMeasure,
    Level,
    Side,
    TextVersion,
    Transition,
)
from tafahom.agreements.promises.actions import (
    amend,
    appoint,
    call_meeting,
    carry_out,
    decide,
    minute,
    pay,
    promise,
    share_cost,
)
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.agreements.terminations.queries import unsettled
from tafahom.agreements.texts.actions import save_as_version, save_clause
from tafahom.agreements.texts.beginning import draft_from_template
from tafahom.agreements.texts.queries import content_of, templates_for
from tafahom.agreements.texts.rules import Content
from tafahom.demonstration.parts import divide, invite, take_share
from tafahom.demonstration.present import SEED, Present, Running, Story
from tafahom.demonstration.proposals import leave_one_waiting, proposed_by_form
from tafahom.demonstration.records import SampleCourse, data
from tafahom.jalali import from_jalali, to_jalali
from tafahom.jalali import today as day_of_steps
from tafahom.parties.models import Partner
from tafahom.parties.queries import home_province
from tafahom.persian import normal_key, number_key, to_persian_digits

WRITTEN_HERE = frozenset({Story.SIGNED_HERE, Story.DRAFTING, Story.NEGOTIATION, Story.NOT_BEGUN})
GUILDS = "اتاق اصناف ایران"
MILLION = 1_000_000
LEFT = 40  # percent of a commitment that a termination leaves
MEETINGS = {Story.NOT_MINUTED, Story.NOT_DECIDED, Story.SIGNED_HERE, Story.BEHIND}


@transaction.atomic
def record_present(present: Present, *, today: dt.date, by: User) -> None:
    """Record agreements with all that belongs to them; nothing when it was done before.

    What the register holds of earlier years is ended first.
    """
    if Agreement.objects.filter(key=number_key(present.agreements[0].number)).exists():
        return
    _end_old(today, by)
    teller = _Teller(today, by, present.courses)
    for running in present.agreements:
        teller.tell(running)
    guild = Partner.objects.get(key=normal_key(GUILDS))
    leave_one_waiting(like=guild, today=today, province=home_province())


def _end_old(today: dt.date, by: User) -> None:
    for agreement in Agreement.objects.filter(state=LifeState.IN_FORCE, ends_on__lt=today):
        step = move(agreement, LifeState.ENDED, by=by)
        _date_back(step, agreement.ends_on + dt.timedelta(days=5))


def _date_back(what: Transition | TextVersion | Amendment, day: dt.date) -> None:
    """Let something have happened on a day, at ten in the morning: the record is told as it grew."""
    moment = timezone.make_aware(dt.datetime(day.year, day.month, day.day, 10))  # noqa: DTZ001
    name = "at" if isinstance(what, Transition) else "made_at"
    type(what)._base_manager.filter(pk=what.pk).update(**{name: moment})


class _Teller:
    """Tells one agreement after the other."""

    def __init__(self, today: dt.date, by: User, courses: Sequence[SampleCourse]) -> None:
        self._today = today
        self._by = by
        self._courses = courses
        self._chance = random.Random(f"{SEED} {today.toordinal()}")
        self._words: Mapping[str, Any] = data()["present"]["words"]
        self._partners = {one.key: one for one in Partner.objects.select_related("kind")}
        self._province = home_province()
        self._told: dict[str, Agreement] = {}

    def tell(self, running: Running) -> None:
        """Record an agreement, its life, its duties and what its story is about."""
        if running.story == Story.RENEWAL:
            self._renewal(running)
            return
        if running.story == Story.PROPOSED:
            partner = self._partners[normal_key(running.partner)]
            proposed_by_form(running, partner=partner, province=self._province, by=self._by)
            return
        agreement = self._register(running)
        self._told[running.partner] = agreement
        if running.story in WRITTEN_HERE:
            self._write(agreement, running)
        else:
            self._sign(agreement)
        self._appoint(agreement)
        self._duties(agreement, running.story)
        if running.story in MEETINGS:
            self._meet(agreement, running.story)
        own: dict[Story, Callable[[Agreement], None]] = {
            Story.SUSPENDED: partial(self._stop, to=LifeState.SUSPENDED, days=40, why="suspended"),
            Story.TERMINATED: partial(
                self._stop, to=LifeState.TERMINATED, days=35, why="terminated"
            ),
            Story.MONEY: self._money,
            Story.BEHIND: self._amended,
            Story.ENDS_IN_90: self._draft_renewal,
        }
        if running.story in own:
            own[running.story](agreement)

    def _ago(self, days: int) -> dt.date:
        return self._today - dt.timedelta(days=days)

    def _register(self, running: Running) -> Agreement:
        """Register it: as in force already, or as a draft that has to be written here."""
        is_written_here = running.story in WRITTEN_HERE
        signed_on = None if is_written_here else running.starts_on - dt.timedelta(days=12)
        level = Level.NATIONAL if running.level == "ملی" else Level.PROVINCIAL
        partner = self._partners[normal_key(running.partner)]
        agreement, _changed = save_agreement(
            number=running.number,
            term=Term(partner, level, signed_on, running.starts_on, running.ends_on),
            province=self._province,
            by=self._by,
        )
        if is_written_here:
            Agreement.objects.filter(pk=agreement.pk).update(state=LifeState.DRAFTING.value)
            agreement.state = LifeState.DRAFTING.value
        if running.parent:
            set_parent(agreement, Agreement.objects.get(number=running.parent), by=self._by)
            agreement.refresh_from_db()
        for year, (persons, hours) in running.targets.items():
            for measure, quantity in (
                (CommittedMeasure.PERSONS, persons),
                (CommittedMeasure.PERSON_HOURS, hours),
            ):
                save_commitment(
                    agreement, year=year, measure=measure, quantity=quantity, by=self._by
                )
        if is_written_here:
            invite(agreement, by=self._by)
        if running.story == Story.SIGNED_HERE:
            taught = [one for one in self._courses if one.agreement == running.number]
            divide(agreement, taught, by=self._by)
        take_share(agreement, by=self._by)
        return agreement

    def _sign(self, agreement: Agreement, on: dt.date | None = None) -> None:
        """Let both sides sign, the partner two days before the directorate."""
        last = on or agreement.signed_on or self._ago(20)
        words = self._words
        for side, title, day in (
            (Side.PARTNER, self._chance.choice(words["titles_partner"]), last - dt.timedelta(2)),
            (Side.DIRECTORATE, words["title_directorate"], last),
        ):
            name = "ناصر امینی" if side == Side.DIRECTORATE else self._name()
            sign(agreement, side=side, name=name, title=title, signed_on=day, by=self._by)
        for party in agreement.parties.all():
            sign(
                agreement,
                side=Side.PARTNER,
                party=party,
                name=self._name(),
                title=self._chance.choice(words["titles_partner"]),
                signed_on=last - dt.timedelta(1),
                by=self._by,
            )

    def _name(self) -> str:
        names = data()["names"]
        first = self._chance.choice(f"{names['women']} {names['men']}".split())
        return f"{first} {self._chance.choice(names['families'].split())}"

    def _write(self, agreement: Agreement, running: Running) -> None:
        """Write a text from the partner's template and bring it as far as the story goes."""
        begun = min(self._today, agreement.starts_on) - dt.timedelta(days=60)
        template = templates_for(agreement.partner.kind)[0]
        draft, _missing = draft_from_template(agreement, template, by=self._by)
        if running.story == Story.DRAFTING:
            return
        first = save_as_version(draft, note=self._words["first_version"], by=self._by)
        _date_back(first, begun)
        self._step(agreement, LifeState.NEGOTIATION, begun + dt.timedelta(days=3))
        self._agree(draft)
        second = save_as_version(draft, note=self._words["second_version"], by=self._by)
        _date_back(second, begun + dt.timedelta(days=17))
        if running.story == Story.NEGOTIATION:
            return
        signed_on = begun + dt.timedelta(days=33)
        self._sign(agreement, signed_on)
        self._step(agreement, LifeState.SIGNED, signed_on)
        if running.story == Story.SIGNED_HERE:
            self._step(agreement, LifeState.IN_FORCE, agreement.starts_on)

    def _step(self, agreement: Agreement, to: LifeState, day: dt.date, *, reason: str = "") -> None:
        ending = unsettled(agreement, on=day_of_steps()) if to == LifeState.TERMINATED else []
        left = {one: one.in_force * LEFT // 100 for one in ending}  # type: ignore[attr-defined]  # annotated
        _date_back(move(agreement, to, reason=reason, left=left, by=self._by), day)
        if agreement.stopped_on:
            agreement.stopped_on = day
            agreement.save(update_fields=["stopped_on"])

    def _agree(self, draft: TextVersion) -> None:
        """Change what the partner asked for: a clause says more and has one note more."""
        clause = draft.clauses.get(heading=self._words["agreed_clause"])
        old = content_of(clause)
        sentence, note = self._words["agreed_sentence"], self._words["agreed_note"]
        content = Content(old.heading, f"{old.text} {sentence}", (*old.notes, note))
        save_clause(clause, seen=clause.revision, content=content, by=self._by)
        term = draft.clauses.get(heading="مدت")
        old = content_of(term)
        text = old.text.replace("با توافق کتبی دو طرف", "با درخواست کتبی هر طرف و موافقت دیگری")
        content = Content(old.heading, text, old.notes)
        save_clause(term, seen=term.revision, content=content, by=self._by)

    def _appoint(self, agreement: Agreement) -> None:
        for side in Side:
            role = "دبیر کارگروه" if side == Side.DIRECTORATE else "عضو کارگروه"
            appoint(agreement, side=side, name=self._name(), role=role, by=self._by)

    def _duties(self, agreement: Agreement, story: Story) -> None:
        """Two duties of each side, met or still to come; one overdue where that is told."""
        words = self._words
        for side in Side:
            texts = self._chance.sample(words[f"obligations_{side.value}"], k=2)
            days = [self._ago(self._chance.randint(60, 200)), self._ahead(45, 120)]
            for text, due_on in zip(texts, days, strict=True):
                made = oblige(
                    agreement,
                    side=side,
                    text=text,
                    due_on=max(due_on, agreement.starts_on),
                    responsible=words[f"responsible_{side.value}"],
                    by=self._by,
                )
                if made.due_on < self._today:
                    number = to_persian_digits(str(self._chance.randint(1000, 9999)))
                    fulfil(
                        made,
                        done_on=made.due_on - dt.timedelta(days=4),
                        evidence=words["evidence"].format(number=number),
                        by=self._by,
                    )
        if story == Story.OVERDUE:
            for side, ahead in ((Side.PARTNER, -12), (Side.DIRECTORATE, 18)):
                oblige(
                    agreement,
                    side=side,
                    text=words[f"obligations_{side.value}"][0],
                    due_on=self._today + dt.timedelta(days=ahead),
                    responsible=words[f"responsible_{side.value}"],
                    by=self._by,
                )

    def _ahead(self, least: int, most: int) -> dt.date:
        return self._today + dt.timedelta(days=self._chance.randint(least, most))

    def _meet(self, agreement: Agreement, story: Story) -> None:
        """A meeting four months ago with decisions; one of late that nobody has minuted."""
        words = self._words
        meeting = call_meeting(
            agreement,
            held_on=self._ago(118),
            place=words["place"],
            agenda=words["agenda"],
            by=self._by,
        )
        minute(
            meeting, minutes=words["minutes"], attended=list(agreement.members.all()), by=self._by
        )
        for at, text in enumerate(words["decisions"]):
            decision = decide(
                meeting,
                text=text,
                responsible=words["responsible_partner"],
                due_on=self._ago(70 - 25 * at),
                by=self._by,
            )
            if story != Story.NOT_DECIDED or at == 0:
                evidence = words["evidence"].format(number=to_persian_digits("4125"))
                carry_out(decision, done_on=self._ago(75 - 25 * at), evidence=evidence, by=self._by)
        if story == Story.NOT_MINUTED:
            call_meeting(
                agreement,
                held_on=self._ago(10),
                place=words["place"],
                agenda=words["agenda"],
                by=self._by,
            )

    def _money(self, agreement: Agreement) -> None:
        """Three instalments: paid, paid in part and overdue, and still to come."""
        plan = ((180, 480, 480), (25, 480, 200), (-50, 300, 0))
        for title, (ago, amount, paid) in zip(self._words["costs"], plan, strict=True):
            side = Side.DIRECTORATE if ago < 0 else Side.PARTNER
            share = share_cost(
                agreement,
                side=side,
                title=title,
                amount=amount * MILLION,
                due_on=self._ago(ago),
                by=self._by,
            )
            if paid:
                reference = f"حواله {to_persian_digits(str(self._chance.randint(10000, 99999)))}"
                pay(
                    share,
                    amount=paid * MILLION,
                    paid_on=self._ago(ago + 3),
                    reference=reference,
                    by=self._by,
                )

    def _amended(self, agreement: Agreement) -> None:
        """Raise what is promised for the latest year by an amendment half a year ago."""
        year = max(agreement.commitments.values_list("year", flat=True))
        promised = {one.measure: one.quantity for one in agreement.commitments.filter(year=year)}
        day = from_jalali(year, 3, 1)
        made = amend(
            agreement,
            year=year,
            quantities={
                CommittedMeasure(measure): quantity * 6 // 5
                for measure, quantity in promised.items()
            },
            signed_on=day - dt.timedelta(days=6),
            effective_on=day,
            reason=self._words["amended"],
            by=self._by,
        )
        _date_back(made, day)

    def _stop(self, agreement: Agreement, *, to: LifeState, days: int, why: str) -> None:
        self._step(agreement, to, self._ago(days), reason=self._words[why])

    def _draft_renewal(self, agreement: Agreement) -> None:
        starts_on = agreement.ends_on + dt.timedelta(days=1)
        renew(
            agreement,
            number=self._number(starts_on),
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=729),
            by=self._by,
        )

    def _number(self, starts_on: dt.date) -> str:
        year = to_jalali(starts_on)[0] % 100
        return f"{self._chance.randint(100, 999)}/{year:02}/{self._chance.randint(1000, 29999)}"

    def _renewal(self, running: Running) -> None:
        """Renew what was told of the partner before, and let the successor come in force."""
        made = renew(
            self._told[running.partner],
            number=running.number,
            starts_on=running.starts_on,
            ends_on=running.ends_on,
            by=self._by,
        )
        for year, (persons, hours) in running.targets.items():
            for measure, quantity in (
                (CommittedMeasure.PERSONS, persons),
                (CommittedMeasure.PERSON_HOURS, hours),
            ):
                promise(made, year=year, measure=measure, quantity=quantity, by=self._by)
        draft, _missing = draft_from_template(
            made, templates_for(made.partner.kind)[0], by=self._by
        )
        first = save_as_version(draft, note=self._words["first_version"], by=self._by)
        _date_back(first, made.starts_on - dt.timedelta(days=40))
        self._step(made, LifeState.NEGOTIATION, made.starts_on - dt.timedelta(days=35))
        self._sign(made, made.starts_on - dt.timedelta(days=9))
        self._step(made, LifeState.SIGNED, made.starts_on - dt.timedelta(days=9))
        self._step(made, LifeState.IN_FORCE, made.starts_on)
        self._duties(made, running.story)

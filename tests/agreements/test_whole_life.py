"""Everything that officers may do to agreements, in any order: the register keeps its rules."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from rosters import prepare
from tafahom.agreements.actions import TransitionRefusedError, move, sign
from tafahom.agreements.drafts.actions import (
    EditedMeanwhileError,
    create_draft,
    edit_draft,
    facts_of,
)
from tafahom.agreements.drafts.rules import DraftFacts
from tafahom.agreements.models import Agreement, Commitment, CommittedMeasure, Side
from tafahom.agreements.promises.actions import amend, promise
from tafahom.agreements.promises.queries import promised
from tafahom.agreements.queries import life_of
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import DRAFT_STATES, TRANSITIONS, LifeState, allowed_transitions
from tafahom.agreements.terminations.queries import unsettled
from tafahom.jalali import from_jalali, to_jalali, today, year_end
from tafahom.parties.queries import home_province
from tafahom.refusals import Refusal

REFUSED = (
    TransitionRefusedError,
    Refusal,
    Refusal,
    EditedMeanwhileError,
    ValueError,
)
HELD = frozenset(
    {LifeState.SIGNED, LifeState.IN_FORCE, LifeState.SUSPENDED, LifeState.ENDED, LifeState.RENEWED}
)
numbers = st.integers(0, 1000)
quantities = st.integers(0, 3000)
months = st.integers(-30, 30)
measures = st.sampled_from(list(CommittedMeasure))


def in_months(count: int) -> dt.date:
    return today() + dt.timedelta(days=30 * count)


class Lives(RuleBasedStateMachine):
    """Agreements of one partner, begun, edited, signed, amended, ended and renewed."""

    reached: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.serial = itertools.count(1)
        # What each commitment came to by amendments, as this test adds it up itself.
        self.amended: dict[tuple[int, int, str], int] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def a_register(self) -> None:
        # What a registry brings is in force, whoever signed it.
        self.registered = prepare()
        self.partner = self.registered.partner
        self._begin(-6, 12)

    @rule(start=st.integers(-12, 6), length=st.integers(-3, 36))
    def begin(self, start: int, length: int) -> None:
        self._begin(start, length)

    @rule(pick=numbers, start=months, length=st.integers(-3, 36), stale=st.booleans())
    def edit(self, pick: int, start: int, length: int, stale: bool) -> None:
        one = self._one(pick)
        base = facts_of(one)
        wanted = self._facts(base.number, start, length)
        if stale:
            base = self._facts("کهنه", start, length)
        before = facts_of(one)
        done = self._try(lambda: edit_draft(one, base=base, facts=wanted, by=None))
        one.refresh_from_db()
        assert not (stale and done)
        assert facts_of(one) == (wanted if done else before)

    @rule(pick=numbers, side=st.sampled_from(list(Side)), days=st.integers(0, 400))
    def signature(self, pick: int, side: Side, days: int) -> None:
        one = self._one(pick)
        if LifeState(one.state) not in (
            LifeState.DRAFTING,
            LifeState.NEGOTIATION,
            LifeState.SIGNED,
        ):
            return
        day = today() - dt.timedelta(days=days)
        self._try(lambda: sign(one, side=side, name="کریمی", signed_on=day, by=None))

    @rule(pick=numbers, to=st.sampled_from(list(LifeState)), reason=st.sampled_from(["", "توافق"]))
    def step(self, pick: int, to: LifeState, reason: str) -> None:
        one = self._one(pick)
        self._try(lambda: move(one, to, reason=reason, by=None))

    @rule(pick=numbers, choice=numbers)
    def possible_step(self, pick: int, choice: int) -> None:
        """As the page offers it."""
        one = self._one(pick)
        steps = allowed_transitions(life_of(one), today=today())
        if steps:
            to = steps[choice % len(steps)]
            ending = unsettled(one, on=today()) if to == LifeState.TERMINATED else []
            if ending:
                assert not self._try(lambda: move(one, to, reason="توافق", by=None))
            left = {commitment: commitment.in_force // 2 for commitment in ending}
            assert self._try(lambda: move(one, to, reason="توافق", left=left, by=None))
            for commitment in ending:
                commitment.refresh_from_db()
                assert commitment.left == left[commitment]

    @rule()
    def what_is_over_ends(self) -> None:
        self._try(lambda: move(self.registered, LifeState.ENDED, by=None))

    @rule(pick=numbers, quantity=quantities)
    def agreed(self, pick: int, quantity: int) -> None:
        """Both sides sign, it is taken as far as its term lets it come, and amended at once."""
        one = self._one(pick)
        if one.state in DRAFT_STATES:
            for side in Side:
                sign(one, side=side, name="نوری", signed_on=today(), by=None)
        for to in (LifeState.NEGOTIATION, LifeState.SIGNED, LifeState.IN_FORCE):
            one.refresh_from_db()
            self._try(lambda to=to: move(one, to, reason="", by=None))  # type: ignore[misc]
        self.amendment_of_today(pick=pick, quantity=quantity)

    @rule(pick=numbers, year=st.integers(-2, 3), measure=measures, quantity=quantities)
    def promises(self, pick: int, year: int, measure: CommittedMeasure, quantity: int) -> None:
        one, of_year = self._one(pick), to_jalali(today())[0] + year
        was = self._quantities(one)
        done = self._try(
            lambda: promise(one, year=of_year, measure=measure, quantity=quantity, by=None)
        )
        one.refresh_from_db()
        if done:
            assert one.state in DRAFT_STATES
        else:
            assert self._quantities(one) == was

    @rule(pick=numbers, year=st.integers(-2, 3), measure=measures, quantity=quantities, when=months)
    def amendment(
        self, pick: int, year: int, measure: CommittedMeasure, quantity: int, when: int
    ) -> None:
        one, of_year = self._one(pick), to_jalali(today())[0] + year
        was, count = self._quantities(one), one.amendments.count()
        day = in_months(when)
        done = self._try(
            lambda: amend(
                one,
                year=of_year,
                quantities={measure: quantity},
                signed_on=today(),
                effective_on=day,
                reason="افزایش ظرفیت",
                by=None,
            )
        )
        key = (of_year, measure.value)
        assert self._quantities(one) == (was | {key: quantity} if done else was)
        assert one.amendments.count() == count + done
        if done:
            self.reached["amended"] += 1
            self.amended[one.pk, of_year, measure.value] = quantity

    @rule(pick=numbers, quantity=quantities)
    def amendment_of_today(self, pick: int, quantity: int) -> None:
        self.amendment(
            pick=pick, year=0, measure=CommittedMeasure.PERSONS, quantity=quantity, when=0
        )

    @rule(pick=numbers, days=st.integers(-2, 40))
    def renewal_soon_after(self, pick: int, days: int) -> None:
        """A successor whose term begins early, agreed at once where that can be."""
        one = self._one(pick)
        number = f"تمدید {next(self.serial)}"
        begins = one.starts_on + dt.timedelta(days=days)
        if self._try(
            lambda: renew(one, number=number, starts_on=begins, ends_on=in_months(12), by=None)
        ):
            self.agreed(pick=Agreement.objects.count() - 1, quantity=days + 2)

    @rule(pick=numbers, start=months, length=st.integers(-3, 36))
    def renewal(self, pick: int, start: int, length: int) -> None:
        one = self._one(pick)
        number = f"تمدید {next(self.serial)}"
        begins, ends = in_months(start), in_months(start + length)
        self._try(lambda: renew(one, number=number, starts_on=begins, ends_on=ends, by=None))

    @invariant()
    def states_follow_each_other_as_the_rules_say(self) -> None:
        for one in Agreement.objects.all():
            at = one.state
            for step in one.transitions.order_by("-at", "-id"):
                assert step.to_state == at
                assert LifeState(at) in TRANSITIONS[LifeState(step.from_state)]
                at = step.from_state
            assert at == (LifeState.IN_FORCE if one == self.registered else LifeState.DRAFTING)
            self.reached[one.state] += 1

    @invariant()
    def what_holds_is_signed_by_both_with_a_term(self) -> None:
        for one in Agreement.objects.filter(state__in=HELD).exclude(pk=self.registered.pk):
            sides = one.signatories.exclude(signed_on=None).values_list("side", flat=True)
            assert set(sides) == set(Side.values)
            assert one.signed_on
            assert one.starts_on <= one.ends_on

    @invariant()
    def nothing_is_promised_beyond_the_term_of_what_holds(self) -> None:
        for one in Commitment.objects.filter(agreement__state__in=HELD).select_related("agreement"):
            agreement = one.agreement
            assert year_end(one.year) >= agreement.starts_on
            assert from_jalali(one.year, 1, 1) <= agreement.ends_on

    @invariant()
    def nothing_is_in_force_before_its_term(self) -> None:
        for one in Agreement.objects.filter(state=LifeState.IN_FORCE):
            assert one.starts_on <= today()

    @invariant()
    def what_was_renewed_has_a_successor_that_came_in_force(self) -> None:
        for one in Agreement.objects.filter(state=LifeState.RENEWED):
            [successor] = one.successors.all()
            assert successor.transitions.filter(to_state=LifeState.IN_FORCE).exists()
            assert successor.starts_on > one.starts_on

    @invariant()
    def amendments_are_numbered_and_add_up(self) -> None:
        for one in Agreement.objects.all():
            amendments = list(one.amendments.order_by("number"))
            assert [a.number for a in amendments] == list(range(1, len(amendments) + 1))
            days = [a.effective_on for a in amendments]
            assert days == sorted(days)
        for (agreement, year, measure), quantity in self.amended.items():
            found = Commitment.objects.get(agreement=agreement, year=year, measure=measure)
            assert found.quantity == quantity
            lines = list(found.lines.order_by("amendment__number"))
            assert [line.new for line in lines[:-1]] == [line.old for line in lines[1:]]
            assert lines[-1].new == quantity

    @invariant()
    def the_promise_in_force_is_that_of_the_day(self) -> None:
        """Against a walk over the amendments, today and long after."""
        year = to_jalali(today())[0]
        for on in (today(), in_months(100)):
            found = {
                (row["agreement"], row["measure"]): row["in_force"]
                for row in promised(year, on=on).values("agreement", "measure", "in_force")
            }
            for one in Commitment.objects.filter(year=year):
                lines = list(one.lines.select_related("amendment").order_by("amendment__number"))
                expected = lines[0].old if lines else one.quantity
                for line in lines:
                    if line.amendment.effective_on <= on:
                        expected = line.new
                if one.left is not None:
                    expected = one.left
                assert found[one.agreement_id, one.measure] == expected

    # Helpers.

    def _facts(self, number: str, start: int, length: int) -> DraftFacts:
        return DraftFacts(
            number=number,
            partner_id=self.partner.pk,
            level="provincial",
            parent="",
            subject="آموزش مهارت",
            starts_on=in_months(start),
            ends_on=in_months(start + length),
        )

    def _begin(self, start: int, length: int) -> None:
        facts = self._facts(f"{next(self.serial)}/۱۴۰۵", start, length)
        self._try(lambda: create_draft(facts=facts, province=home_province(), by=None))

    def _one(self, pick: int) -> Agreement:
        rows = Agreement.objects.order_by("pk")
        count = rows.count()
        assume(count)
        return rows[pick % count]

    def _quantities(self, agreement: Agreement) -> dict[tuple[int, str], int]:
        rows = agreement.commitments.values_list("year", "measure", "quantity")
        return {(year, measure): quantity for year, measure, quantity in rows}

    def _try(self, act: Callable[[], Any]) -> bool:
        """Whether it was done; what is refused leaves nothing behind."""
        try:
            with transaction.atomic():
                act()
        except REFUSED:
            return False
        return True


@pytest.mark.django_db
def test_no_path_reaches_what_the_rules_forbid() -> None:
    run_state_machine_as_test(
        Lives,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            phases=[Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    # It went everywhere: a walk that reaches little proves little.
    assert {"signed", "in_force", "renewed", "terminated", "amended"} <= set(Lives.reached)

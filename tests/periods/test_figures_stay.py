"""Every command and page that writes, walked at random: no figure of a closed month moves.

The ways of writing rows are those of ``machine``, files of rosters and pages those of
``office_rules``; here come registries, agreements and what else figures are grouped by or compared
with. After each step the facts of closed months are what they were, and at the end their tables
of figures.
"""

import csv
import os
import tempfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from pytest_django.fixtures import Settings

from periods import seals
from periods.machine import MONTHS, month_numbers, picks
from periods.office_rules import OfficeMachine
from rosters import prepare
from tafahom.agreements.actions import TransitionRefusedError, move, save_commitment
from tafahom.agreements.drafts.actions import edit_draft, facts_of
from tafahom.agreements.levels.actions import implement, share_out
from tafahom.agreements.models import Agreement, Commitment, CommittedMeasure, Level
from tafahom.agreements.promises.actions import amend, promise
from tafahom.agreements.renewals.actions import renew
from tafahom.agreements.rules import LifeState
from tafahom.exchange import closing
from tafahom.figures import warehouse
from tafahom.figures.closed_months import compare_all
from tafahom.jalali import from_jalali, today, year_end
from tafahom.parties.actions import ChangeRefusedError, load_reference_data, save_partner
from tafahom.parties.models import Centre, CentreType, County, Partner, PartnerKind
from tafahom.people.models import Person
from tafahom.periods.messages import refusal_in
from tafahom.periods.rules import PeriodClosedError
from tafahom.persian import number_key
from tafahom.privacy.actions.retention import NothingToEraseError, erase
from tafahom.privacy.models import Cause
from tafahom.refusals import Refusal
from tafahom.training.attendance.actions import MarkChange, save_attendance
from tafahom.training.models import (
    Attendance,
    Cluster,
    CourseSession,
    OccupationalStandard,
    RegistryLoad,
)
from tafahom.training.registries.loading import load
from tafahom.training.registries.loads import AlreadyUndoneError, undo_load
from tafahom.training.rosters.actions import UndoRefusedError

YEAR = MONTHS[0] // 100
# More walks before a release.
WALKS = int(os.environ.get("TAFAHOM_WALKS", "10"))
REFUSALS = (
    AlreadyUndoneError,
    ChangeRefusedError,
    DatabaseError,
    Refusal,
    NothingToEraseError,
    PeriodClosedError,
    Refusal,
    Refusal,
    TransitionRefusedError,
    UndoRefusedError,
)
KINDS = ("دستگاه اجرایی", "صنف و اتاق")
quantities = st.integers(1, 500)
states = st.sampled_from(list(LifeState))


class FiguresMachine(OfficeMachine):
    """Writes whatever figures of three months follow from, while they are closed and reopened."""

    def seal_of(self, month: int) -> Any:
        """Return the rows, facts and promises of a month."""
        return seals.seal_of(month, self.province.pk)

    @initialize()
    def a_directorate(self) -> None:
        super().a_directorate()
        warehouse.rebuild()  # the walk before left facts of rows that never were
        self.folder = tempfile.TemporaryDirectory()
        partner = save_partner(name="سازمان نمونه", kind=self._kinds()[0].name, by=None)[0]
        for serial, level in enumerate((Level.NATIONAL, Level.PROVINCIAL)):
            agreement = self._agreement(f"A/{serial}", partner, level)
            for measure in CommittedMeasure:
                save_commitment(agreement, year=YEAR, measure=measure, quantity=100, by=None)
        self.close(number=0)
        assert self.sealed

    def teardown(self) -> None:
        try:
            found = list(compare_all()) if hasattr(self, "folder") else []
            assert not [(one.title, one.moved) for one in found if one.has_moved]
        finally:
            super().teardown()

    # Registries, by their commands and by whatever else writes them.

    @rule(pick=picks, kind=st.integers(0, 1))
    def load_partners(self, pick: int, kind: int) -> None:
        partner = self._one(Partner, pick)
        rows = [{"name": partner.name, "kind": self._kinds()[kind].name}]
        self._load("partners", rows)

    @rule(pick=picks, other=picks, level=st.sampled_from(["ملی", "استانی"]), persons=quantities)
    def load_agreements(self, pick: int, other: int, level: str, persons: int) -> None:
        agreement, partner = self._one(Agreement, pick), self._one(Partner, other)
        row = {
            "number": agreement.number, "partner": partner.name, "level": level,
            "starts_on": f"{YEAR}/1/1", "ends_on": f"{YEAR + 1}/12/1", "year": str(YEAR),
            "target_persons": str(persons),
        }  # fmt: skip
        self._load("agreements", [row])

    @rule(persons=quantities)
    def load_a_new_agreement(self, persons: int) -> None:
        row = {
            "number": f"N/{next(self.serial)}", "partner": "سازمان نمونه", "level": "استانی",
            "starts_on": f"{YEAR}/1/1", "ends_on": f"{YEAR + 1}/12/1", "year": str(YEAR),
            "target_persons": str(persons),
        }  # fmt: skip
        self._load("agreements", [row])

    @rule(pick=picks, other=picks)
    def load_centres(self, pick: int, other: int) -> None:
        kind, county = self._one(CentreType, pick), self._one(County, other)
        row = {"name": self._one(Centre, pick).name, "type": kind.name, "county": county.name}
        self._load("centres", [row])

    @rule(pick=picks, other=picks, hours=st.integers(0, 300))
    def load_standards(self, pick: int, other: int, hours: int) -> None:
        standard = self._one(OccupationalStandard, pick)
        row = {
            "code": standard.code, "title": standard.title, "theory_hours": str(hours),
            "cluster": self._one(Cluster, other).name,
        }  # fmt: skip
        self._load("standards", [row])

    @rule(pick=picks)
    def take_a_load_back(self, pick: int) -> None:
        done = self._one(RegistryLoad, pick)
        self._write(lambda: undo_load(done, by=None))

    @rule(pick=picks, other=picks)
    def change_registries_in_bulk(self, pick: int, other: int) -> None:
        cluster, kind = self._one(Cluster, other), self._kinds()[pick % 2]
        changes: list[Callable[[], Any]] = [
            load_reference_data,
            lambda: Partner.objects.update(kind=kind),
            lambda: Agreement.objects.update(partner=self._one(Partner, other)),
            lambda: Agreement.objects.update(level=Level.values[other % 2]),
            lambda: Centre.objects.update(county=self._one(County, other)),
            lambda: Centre.objects.update(centre_type=None),
            lambda: OccupationalStandard.objects.update(cluster=cluster),
            lambda: OccupationalStandard.objects.update(total_minutes=other),
            lambda: Person.objects.update(gender=("female", "male")[other % 2]),
        ]
        self._write(changes[pick % len(changes)])

    @rule(pick=picks)
    def forget_a_person(self, pick: int) -> None:
        person = self._one(Person, pick)
        self._write(lambda: erase(person=person, cause=Cause.REQUEST, by=None))

    @rule(pick=picks, mark=st.sampled_from(["present", "absent", "late", ""]))
    def mark_a_register(self, pick: int, mark: str) -> None:
        cell = self._one(Attendance, pick)
        session = CourseSession.objects.get(pk=cell.session_id)
        change = MarkChange(cell.enrolment_id, session.pk, mark, cell.mark)
        self._write(
            lambda: save_attendance(course=session.course, changes=[change], by=self.people[0])
        )

    # The life of agreements and what they promise.

    @rule(pick=picks, quantity=quantities, day=st.integers(0, 364))
    def amend_an_agreement(self, pick: int, quantity: int, day: int) -> None:
        agreement = self._one(Agreement, pick)
        self._write(
            lambda: amend(
                agreement,
                year=YEAR,
                quantities={CommittedMeasure.PERSON_HOURS: quantity},
                signed_on=today(),
                effective_on=from_jalali(YEAR, 1, 1) + timedelta(days=day),
                reason="الحاقیه",
                by=None,
            )
        )

    @rule(pick=picks, quantity=quantities)
    def promise_in_a_draft(self, pick: int, quantity: int) -> None:
        agreement = self._one(Agreement, pick)
        measure = CommittedMeasure.PERSON_HOURS
        self._write(
            lambda: promise(agreement, year=YEAR, measure=measure, quantity=quantity, by=None)
        )

    @rule(quantity=quantities)
    def change_promises_in_bulk(self, quantity: int) -> None:
        self._write(lambda: Commitment.objects.update(quantity=quantity))

    @rule(pick=picks)
    def take_a_promise_away(self, pick: int) -> None:
        self._write(self._one(Commitment, pick).delete)

    @rule(pick=picks, to=states)
    def move_an_agreement_on(self, pick: int, to: LifeState) -> None:
        agreement = self._one(Agreement, pick)
        self._write(lambda: move(agreement, to, reason="تصمیم", by=self.people[0]))

    @rule(pick=picks, to=states)
    def move_agreements_by_force(self, pick: int, to: LifeState) -> None:
        one = self._one(Agreement, pick)
        self._write(lambda: Agreement.objects.filter(pk=one.pk).update(state=to.value))

    @rule(pick=picks)
    def renew_an_agreement(self, pick: int) -> None:
        agreement, number = self._one(Agreement, pick), f"R/{next(self.serial)}"
        start, end = from_jalali(YEAR, 7, 1), year_end(YEAR + 1)
        self._write(lambda: renew(agreement, number=number, starts_on=start, ends_on=end, by=None))

    @rule(pick=picks, quantity=quantities)
    def implement_and_share(self, pick: int, quantity: int) -> None:
        national = self._one(Agreement, pick)
        number = f"P/{next(self.serial)}"

        def write() -> None:
            child = implement(
                national,
                number=number,
                province=self.province,
                starts_on=national.starts_on,
                ends_on=national.ends_on,
                by=None,
            )
            for commitment in national.commitments.filter(year=YEAR):
                share_out(commitment, agreement=child, quantity=quantity, by=None)

        self._write(write)

    @rule(pick=picks, other=picks)
    def edit_a_draft(self, pick: int, other: int) -> None:
        agreement, partner = self._one(Agreement, pick), self._one(Partner, other)
        base = facts_of(agreement)
        facts = type(base)(
            number=base.number, partner_id=partner.pk, level=base.level, parent="",
            subject="تازه", starts_on=base.starts_on, ends_on=base.ends_on,
        )  # fmt: skip
        self._write(lambda: edit_draft(agreement, base=base, facts=facts, by=None))

    @rule(number=month_numbers)
    def check_tables_at_night(self, number: int) -> None:
        if number == 0:  # it is slow: less often than others
            assert not [one for one in closing.check_tables() if one.has_moved]

    # Helpers.

    def _kinds(self) -> list[PartnerKind]:
        return list(PartnerKind.objects.order_by("pk")[:2])

    def _agreement(self, number: str, partner: Partner, level: Level) -> Agreement:
        return Agreement.objects.create(
            number=number,
            key=number_key(number),
            partner=partner,
            level=level,
            province=self.province,
            starts_on=date(from_jalali(YEAR, 1, 1).year, 3, 25),
            ends_on=year_end(YEAR + 1),
        )

    def _load(self, kind: str, rows: Iterable[dict[str, str]]) -> None:
        path = Path(self.folder.name) / f"{next(self.serial)}.csv"
        rows = list(rows)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        report = load(kind, path, by=None)
        refused = [one for one in report.problems if one.code == "period.closed"]
        assert all(one.months for one in refused)
        self.refused += len(refused)
        self.written += report.changed

    def _write(self, write: Callable[[], Any]) -> None:
        try:
            with transaction.atomic():
                super()._write(write)
        except REFUSALS as error:
            self.refused += refusal_in(error) is not None


@pytest.mark.django_db
def test_no_way_of_writing_moves_a_figure_of_a_closed_month(settings: Settings) -> None:
    settings.NAMES_DAYS = [7, 100_000]  # registers of long ago are open
    prepare()
    totals = {"written": 0, "refused": 0}

    class Counted(FiguresMachine):
        def teardown(self) -> None:
            totals["written"] += self.written
            totals["refused"] += self.refused
            super().teardown()

    run_state_machine_as_test(
        Counted,
        settings=hypothesis_settings(
            max_examples=WALKS,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # A failing walk is told as it was: making it shorter takes minutes.
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
            print_blob=True,
        ),
    )
    # Both happen: else the walk would prove nothing.
    assert totals["written"] > WALKS
    assert totals["refused"] > WALKS

"""Every way of writing rows of a month, to be walked at random by ``test_figures_stay``."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from periods.conftest import ACCEPTED
from periods.seals import MODELS, rows_of
from rosters import course as facts
from rosters import entry
from tafahom.access.models import User
from tafahom.bulk import insert_rows
from tafahom.credentials.actions import record_issued_certificates, revoke_certificate
from tafahom.credentials.models import Certificate
from tafahom.exchange import closing
from tafahom.jalali import days_in_month, from_jalali, is_leap
from tafahom.parties.actions import named_record
from tafahom.parties.models import Centre, Province
from tafahom.parties.queries import home_province
from tafahom.people.models import Person
from tafahom.periods import actions
from tafahom.periods.messages import refusal_in
from tafahom.periods.models import Period, Reopening
from tafahom.periods.queries import facts_of, locked_months
from tafahom.periods.rules import PeriodClosedError, RefusedError
from tafahom.training.models import (
    Attendance,
    Course,
    CourseSession,
    Enrolment,
    RosterImport,
)
from tafahom.training.rosters.actions import UndoRefusedError, record_roster, undo_import
from tafahom.training.rosters.queries import judge_roster
from tafahom.training.rosters.rules import RosterEntry

LEAP = next(year for year in range(1395, 1405) if is_leap(year))
# The ends of years, leap and not, are where a month is most easily taken for another.
MONTHS = (LEAP * 100 + 11, LEAP * 100 + 12, LEAP * 100 + 101)
month_numbers = st.integers(0, len(MONTHS) - 1)
picks = st.integers(0, 1000)


class WritesMachine(RuleBasedStateMachine):
    """Writes in every way into three months while they are closed and opened again."""

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.serial = itertools.count(1)
        self.sent: list[list[RosterEntry]] = []
        self.sealed: dict[int, list[Any]] = {}
        self.written = self.refused = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def a_directorate(self) -> None:
        self.province = home_province()
        self.elsewhere = Province.objects.exclude(pk=self.province.pk).first()
        assert self.elsewhere is not None
        self.far = named_record(Centre, "مرکز جای دیگر", province=self.elsewhere)[0]
        self.people = [User.objects.create(username=f"u{n}") for n in range(2)]
        for month in MONTHS:
            for _ in range(2):
                self._roster(month)

    def seal_of(self, month: int) -> Any:
        """Return what of a month must not change while it is closed."""
        return rows_of(month, self.province.pk)

    # What may happen to months.

    @rule(number=month_numbers)
    def close(self, number: int) -> None:
        month = MONTHS[number]
        try:
            actions.begin_closing(province=self.province, month=month, by=None)
            closing.close(province=self.province, month=month, accepted=ACCEPTED, by=None)
        except RefusedError:
            return
        self.sealed[month] = self.seal_of(month)

    @rule(number=month_numbers, same=st.booleans())
    def reopen(self, number: int, same: bool) -> None:
        month, (asker, other) = MONTHS[number], self.people
        until = timezone.now() + timedelta(hours=1)
        try:
            with transaction.atomic():
                reopening = actions.ask_reopening(
                    province=self.province, month=month, reason="خطا", until=until, by=asker
                )
                closing.approve_reopening(reopening, by=asker if same else other)
        except RefusedError:
            return
        assert not same
        del self.sealed[month]

    @rule(number=month_numbers)
    def close_again(self, number: int) -> None:
        month = MONTHS[number]
        running = Reopening.objects.under_way().filter(period__month=month).first()
        if running:
            closing.close_again(running, by=None)
            self.sealed[month] = self.seal_of(month)

    # Every way of writing.

    @rule(number=month_numbers)
    def record_a_roster(self, number: int) -> None:
        self._write(lambda: self._roster(MONTHS[number]))

    @rule(pick=picks)
    def replace_recorded_rows(self, pick: int) -> None:
        self._write(lambda: self._send_again(pick))

    @rule(pick=picks)
    def undo_an_import(self, pick: int) -> None:
        done = self._one(RosterImport, pick)
        self._write(lambda: undo_import(done, by=None))

    @rule(pick=picks, number=month_numbers)
    def move_a_course(self, pick: int, number: int) -> None:
        day = _last_day(MONTHS[number])

        def move() -> None:
            course = self._one(Course, pick)
            course.starts_on, course.ends_on = min(course.starts_on, day), day
            course.end_month = MONTHS[number]
            course.save()

        self._write(move)

    @rule(pick=picks)
    def move_a_course_elsewhere(self, pick: int) -> None:
        course = self._one(Course, pick)
        self._write(lambda: Course.objects.filter(pk=course.pk).update(centre=self.far))

    @rule(far=st.booleans())
    def move_a_centre(self, far: bool) -> None:
        to = self.elsewhere if far else self.province
        ours = Centre.objects.exclude(pk=self.far.pk)
        self._write(lambda: ours.update(province=to))

    @rule(number=month_numbers)
    def move_all_courses(self, number: int) -> None:
        statement = "UPDATE training_course SET end_month = %s"
        self._write(lambda: self._run(statement, [MONTHS[number]]))

    @rule(pick=picks, number=month_numbers)
    def move_a_session(self, pick: int, number: int) -> None:
        session = self._one(CourseSession, pick)
        moved = CourseSession.objects.filter(pk=session.pk)
        self._write(lambda: moved.update(month=MONTHS[number]))

    @rule(pick=picks, mark=st.integers(0, 10_000))
    def save_a_mark(self, pick: int, mark: int) -> None:
        enrolment = self._one(Enrolment, pick)
        enrolment.written_mark = mark
        self._write(enrolment.save)

    @rule(mark=st.integers(0, 10_000))
    def save_marks_in_bulk(self, mark: int) -> None:
        enrolments = list(Enrolment.objects.all())
        for enrolment in enrolments:
            enrolment.practical_mark = mark
        self._write(lambda: Enrolment.objects.bulk_update(enrolments, ["practical_mark"]))

    @rule(pick=picks, other=picks)
    def move_an_enrolment(self, pick: int, other: int) -> None:
        enrolment, to = self._one(Enrolment, pick), self._one(Course, other)
        self._write(lambda: Enrolment.objects.filter(pk=enrolment.pk).update(course=to))

    @rule(pick=picks)
    def enrol_in_bulk(self, pick: int) -> None:
        course = self._one(Course, pick)

        def enrol() -> None:
            people = Person.objects.bulk_create([Person(), Person()])
            now = timezone.now()
            Enrolment.objects.bulk_create(
                Enrolment(course=course, person=one, credited_minutes=60, recorded_at=now)
                for one in people
            )

        self._write(enrol)

    @rule(pick=picks)
    def write_raw_rows(self, pick: int) -> None:
        """COPY on PostgreSQL, executemany on SQLite."""
        session = self._one(CourseSession, pick)

        def insert() -> None:
            columns = ("course_id", "held_on", "ordinal", "month", "minutes")
            ordinal = 100 + next(self.serial)
            row = (session.course_id, session.held_on, ordinal, session.month, 60)
            insert_rows(CourseSession, columns, [row])

        self._write(insert)

    @rule(pick=picks)
    def upsert(self, pick: int) -> None:
        session = self._one(CourseSession, pick)
        session.pk, session.minutes = None, 1
        fields = ["course", "ordinal"]
        self._write(
            lambda: CourseSession.objects.bulk_create(
                [session],
                update_conflicts=True,
                update_fields=["minutes"],
                unique_fields=fields,
            )
        )

    @rule(pick=picks, other=picks)
    def put_a_row_in_place_of_another(self, pick: int, other: int) -> None:
        """INSERT OR REPLACE takes a row away without saying so; PostgreSQL has no such thing."""
        if connection.vendor != "sqlite":
            return
        taken, session = self._one(CourseSession, pick), self._one(CourseSession, other)
        values = [taken.pk, session.course_id, session.held_on, 9000, session.month, 1]
        statement = (
            "INSERT OR REPLACE INTO training_coursesession"
            " (id, course_id, held_on, ordinal, month, minutes) VALUES (%s, %s, %s, %s, %s, %s)"
        )
        self._write(lambda: self._run(statement, values))

    @rule(pick=picks, table=st.sampled_from(sorted(MODELS)))
    def delete_a_row(self, pick: int, table: str) -> None:
        self._write(self._one(MODELS[table], pick).delete)

    @rule(order=st.permutations(sorted(MODELS)))
    def delete_everything_raw(self, order: list[str]) -> None:
        """In any order: the database checks foreign keys at the end only."""

        def delete() -> None:
            for name in order:
                self._run(f"DELETE FROM {MODELS[name]._meta.db_table}")

        self._write(delete)

    @rule()
    def truncate(self) -> None:
        if connection.vendor == "postgresql" and self.sealed:
            self._write(lambda: self._run("TRUNCATE training_attendance"))

    @rule(pick=picks)
    def revoke(self, pick: int) -> None:
        certificate = self._one(Certificate, pick)
        self._write(lambda: revoke_certificate(certificate, reason="خطا", by=None))

    @rule(pick=picks)
    def issue(self, pick: int) -> None:
        bare = self._one(Enrolment, pick, certificate=None)
        number = f"new-{next(self.serial)}"
        self._write(lambda: Certificate.objects.create(enrolment=bare, number=number))

    @rule(pick=picks)
    def credit_minutes(self, pick: int) -> None:
        mark = self._one(Attendance, pick)
        marks = Attendance.objects.filter(pk=mark.pk)
        self._write(lambda: marks.update(credited_minutes=next(self.serial)))

    @rule(number=month_numbers)
    def open_it_by_force(self, number: int) -> None:
        closed = Period.objects.filter(month=MONTHS[number], state="closed")
        self._write(lambda: closed.update(state="open"))

    @invariant()
    def closed_months_are_as_they_were(self) -> None:
        for month, seal in self.sealed.items():
            assert self.seal_of(month) == seal, month

    @invariant()
    def rules_and_triggers_agree(self) -> None:
        now = timezone.now()
        for period in Period.objects.filter(state="closed"):
            locked = (period.province_id, period.month) in locked_months()
            request = facts_of(period).request
            assert locked == (request is None or request.until <= now)

    # Helpers.

    def _roster(self, month: int) -> None:
        """One course that ends in the month, its register begun in the month before."""
        number = next(self.serial)
        end = _last_day(month)
        days = ((end - timedelta(days=32), 120), (end, 120))
        description = facts(
            f"C{number}", starts_on=days[0][0], ends_on=end, sessions=days, planned_minutes=240,
            agreement_number="553/96/2508",
        )  # fmt: skip
        marks = (("present", 120), ("absent", 0))
        rows = [
            entry(
                10 * number + n, description, sheet=f"S{number}", attendance=marks,
                credited_minutes=120, certificate_number=f"G{number}-{n}" if n else "",
            )
            for n in range(2)
        ]  # fmt: skip
        for one in rows:
            assert one.course is description
        done = record_roster(
            rows, sha256=f"{number:064d}", file_name="a.xlsx", rows=2, rejected=0, by=None
        )
        record_issued_certificates(done, by=None)
        self.sent.append(rows)

    def _send_again(self, pick: int) -> None:
        """Send a roster with other marks of attendance in place of those recorded."""
        assume(self.sent)
        number = next(self.serial)
        marks = (("present", 120), ("present" if number % 2 else "late", 120))
        rows = [
            replace(row, attendance=marks, credited_minutes=240)
            for row in self.sent[pick % len(self.sent)]
        ]
        judged = judge_roster(rows, sha256=f"{number:064d}", replace=True)
        record_roster(
            judged.accepted, sha256=f"{number:064d}", file_name="b.xlsx", rows=2,
            rejected=2 - len(judged.accepted), by=None, replacing=judged.replacing,
        )  # fmt: skip

    def _one(self, model: Any, pick: int, **where: Any) -> Any:
        """A row of a table, picked by a number; nothing can be done where there is none."""
        rows = model.objects.filter(**where).order_by("pk")
        count = rows.count()
        assume(count)
        return rows[pick % count]

    def _run(self, statement: str, values: list[Any] | None = None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values or [])

    def _write(self, write: Callable[[], Any]) -> None:
        """Try it; what else the database refuses, such as a double, is no matter here."""
        try:
            with transaction.atomic():
                write()
                connection.check_constraints()  # as a commit does
        except (DatabaseError, PeriodClosedError, UndoRefusedError) as error:
            self.refused += refusal_in(error) is not None
        else:
            self.written += 1


def _last_day(month: int) -> Any:
    year, number = divmod(month, 100)
    return from_jalali(year, number, days_in_month(year, number))

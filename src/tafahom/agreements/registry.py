"""Agreements and their yearly commitments from a registry file."""

import datetime as dt
from collections.abc import Callable
from functools import partial
from operator import call
from pathlib import Path

from tafahom.access.models import User
from tafahom.agreements.actions import Term, save_agreement, save_commitment, set_parent
from tafahom.agreements.models import Agreement, CommittedMeasure, Level
from tafahom.jalali import parse_date
from tafahom.parties.models import Partner
from tafahom.parties.queries import home_province
from tafahom.parties.registry import REVEALS_STATUS
from tafahom.persian import normal_key, number_key, to_ascii_digits
from tafahom.registries.loading import (
    Columns,
    RegistryCellError,
    RegistryReport,
    RegistryRow,
    RunRow,
    answer_in,
    load_registry,
)

COLUMNS = Columns(
    headers={
        "number": ("شماره", "شماره تفاهم‌نامه"),
        "partner": ("دستگاه", "دستگاه طرف تفاهم‌نامه", "نام دستگاه"),
        "level": ("سطح", "سطح تفاهم‌نامه"),
        "signed_on": ("تاریخ امضا", "تاریخ انعقاد"),
        "starts_on": ("تاریخ شروع", "شروع", "تاریخ شروع اعتبار"),
        "ends_on": ("تاریخ پایان", "پایان", "تاریخ پایان اعتبار"),
        "parent": ("تفاهم‌نامه بالادست", "تفاهم‌نامه ملی", "تفاهم‌نامه مادر"),
        "target_persons": ("تعهد نفر", "تعهد (نفر)"),
        "target_person_hours": ("تعهد نفر ساعت", "تعهد (نفر ساعت)"),
        "year": ("سال", "سال تعهد"),
        REVEALS_STATUS: ("گویای وضعیت",),
    },
    needed=("number", "partner", "level", "starts_on", "ends_on"),
)
LEVELS = {
    normal_key(text): level
    for level, texts in {
        Level.NATIONAL: ("national", "ملی", "ملّی"),
        Level.PROVINCIAL: ("provincial", "استانی"),
    }.items()
    for text in texts
}
YEARS = range(1300, 1601)
# The largest quantity both databases keep.
MAXIMUM_QUANTITY = 2**63 - 1


class _Loader:
    """Keeps what rows of one file share: partners, terms seen, parents named so far."""

    def __init__(self, run_row: RunRow, by: User | None) -> None:
        self._run_row, self._by = run_row, by
        self._province = home_province()
        self._partners = {partner.key: partner for partner in Partner.objects.all()}
        self._terms: dict[str, Term] = {}
        self._reveals: dict[str, bool] = {}
        self._parents: list[tuple[int, Agreement, str]] = []
        self.late_changes = 0

    def save(self, number: int, row: RegistryRow) -> bool:
        """Record one row: the agreement, and its commitment for one year."""
        if not (key := number_key(row["number"])):
            raise RegistryCellError("number", "cell.missing", row["number"])
        term = self._term(row)
        if self._terms.setdefault(key, term) != term:
            raise RegistryCellError("number", "agreement.conflict", row["number"])
        reveals = answer_in(REVEALS_STATUS, row)
        if reveals is not None and self._reveals.setdefault(key, reveals) != reveals:
            raise RegistryCellError(REVEALS_STATUS, "agreement.conflict", row[REVEALS_STATUS])
        targets = _targets(row)
        agreement, changed = save_agreement(
            number=row["number"],
            term=term,
            province=self._province,
            reveals_status=reveals,
            by=self._by,
        )
        for measure, year, quantity in targets:
            changed |= save_commitment(
                agreement, year=year, measure=measure, quantity=quantity, by=self._by
            )
        if row.get("parent"):
            self._parents.append((number, agreement, row["parent"]))
        return changed

    def finish(self, refuse: Callable[[int, RegistryCellError], None]) -> None:
        """Tie agreements to their parents, which may stand later in the file."""
        for number, agreement, text in self._parents:
            parent = Agreement.objects.filter(key=number_key(text)).first()
            if parent is None:
                refuse(number, RegistryCellError("parent", "agreement.unknown", text))
                continue
            tie = partial(set_parent, agreement, parent, by=self._by)
            try:
                self.late_changes += self._run_row(tie)
            except RegistryCellError as error:
                error.value = text
                refuse(number, error)
            except ValueError:
                refuse(number, RegistryCellError("parent", "agreement.parent_not_national", text))

    def _term(self, row: RegistryRow) -> Term:
        partner = self._partners.get(normal_key(row["partner"]))
        if partner is None:
            raise RegistryCellError("partner", "partner.unknown", row["partner"])
        level = LEVELS.get(normal_key(row["level"]))
        if level is None:
            raise RegistryCellError("level", "level.unknown", row["level"])
        starts_on, ends_on = _date(row, "starts_on"), _date(row, "ends_on")
        if ends_on < starts_on:
            raise RegistryCellError("ends_on", "date.end_before_start", row["ends_on"])
        signed_on = _date(row, "signed_on") if row.get("signed_on") else None
        return Term(partner, level, signed_on, starts_on, ends_on)


def _targets(row: RegistryRow) -> list[tuple[CommittedMeasure, int, int]]:
    """Measure, year and quantity of what the row promises; empty cells promise nothing."""
    targets = []
    for column, measure in (
        ("target_persons", CommittedMeasure.PERSONS),
        ("target_person_hours", CommittedMeasure.PERSON_HOURS),
    ):
        if text := row.get(column, ""):
            targets.append((measure, _year(row), _whole(column, text)))
    return targets


def _year(row: RegistryRow) -> int:
    year = _whole("year", row.get("year", ""))
    if year not in YEARS:
        raise RegistryCellError("year", "year.invalid", row.get("year", ""))
    return year


def _whole(column: str, text: str) -> int:
    digits = to_ascii_digits(text).translate({ord(mark): None for mark in "٬, "})
    if not digits.isdecimal() or int(digits) > MAXIMUM_QUANTITY:
        raise RegistryCellError(column, "number.invalid", text)
    return int(digits)


def _date(row: RegistryRow, column: str) -> dt.date:
    try:
        return parse_date(row[column])
    except ValueError as error:
        raise RegistryCellError(column, "date.invalid", row[column]) from error


def load_agreements(path: Path, *, run_row: RunRow = call, by: User | None) -> RegistryReport:
    """Register agreements, one row for each agreement and year of its commitment."""
    loader = _Loader(run_row, by)
    report = load_registry(
        path,
        kind="agreements",
        columns=COLUMNS,
        save=loader.save,
        finish=loader.finish,
        run_row=run_row,
        by=by,
    )
    report.changed += loader.late_changes
    return report

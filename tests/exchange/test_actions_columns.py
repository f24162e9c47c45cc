"""A column explained once is known in the next rosters of that partner, and of no other."""

from pathlib import Path

import pytest

from roster_files import line, write_roster
from rosters import agreement as make_agreement
from tafahom.agreements.models import Agreement
from tafahom.exchange.models import RosterAnswer
from tafahom.exchange.rosters.actions import check_rosters, import_rosters
from tafahom.exchange.rosters.answering import remember_column
from tafahom.exchange.rosters.file_report import FileStatus
from tafahom.exchange.rosters.parsing import CANONICAL_FIELDS
from tafahom.training.models import Enrolment

ODD = "امتیاز کار دست"
PRACTICAL = next(field for field, label in CANONICAL_FIELDS.items() if label == "نمره عملی")
HOURS = next(field for field, label in CANONICAL_FIELDS.items() if label == "ساعت حضور")
pytestmark = pytest.mark.django_db


def odd_row(serial: int, known: str = "نمره عملی", **changes: str) -> dict[str, str]:
    """A row in which a known column has a name that nobody knows."""
    row = line(serial, **changes)
    row[ODD] = row.pop(known)
    return row


def test_an_unknown_column_is_reported_and_left_out(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", odd_row(1))
    [report] = import_rosters([path], by=None)
    assert report.columns == [ODD]
    assert "header.unknown_column" in [warning.code for warning in report.warnings]
    assert Enrolment.objects.get().practical_mark is None


def test_it_is_read_as_explained_from_then_on(agreement: Agreement, folder: Path) -> None:
    remember_column(partner=agreement.partner, header=f" {ODD} ", field=PRACTICAL, by=None)
    [report] = import_rosters([write_roster(folder / "a.csv", odd_row(1))], by=None)
    assert report.columns == []
    assert Enrolment.objects.get().practical_mark == 8000


def test_another_partner_may_mean_something_else(agreement: Agreement, folder: Path) -> None:
    make_agreement("700/97/1", partner="سازمان بهزیستی")
    remember_column(partner=agreement.partner, header=ODD, field=PRACTICAL, by=None)
    row = odd_row(1, **{"شماره تفاهم‌نامه": "700/97/1"})
    [report] = check_rosters([write_roster(folder / "a.csv", row)])
    assert report.columns == [ODD]


def test_a_needed_column_may_be_the_unknown_one(agreement: Agreement, folder: Path) -> None:
    path = write_roster(folder / "a.csv", odd_row(1, "کد ملی"))
    [before] = check_rosters([path])
    assert before.status == FileStatus.REFUSED
    field = next(field for field, label in CANONICAL_FIELDS.items() if label == "کد ملی")
    remember_column(partner=agreement.partner, header=ODD, field=field, by=None)
    [after] = check_rosters([path])
    assert (after.status, after.accepted) == (FileStatus.IMPORTED, 1)


def test_the_latest_explanation_counts(agreement: Agreement) -> None:
    remember_column(partner=agreement.partner, header=ODD, field=HOURS, by=None)
    remember_column(partner=agreement.partner, header="امتياز كار دست", field=PRACTICAL, by=None)
    assert RosterAnswer.objects.get().answer == PRACTICAL


def test_a_meaning_that_does_not_exist_is_refused(agreement: Agreement) -> None:
    with pytest.raises(ValueError, match="known fields"):
        remember_column(partner=agreement.partner, header=ODD, field="nonsense", by=None)

"""Rosters of closed months are rejected row by row, and undoing one is refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from periods.conftest import shut
from roster_files import line, write_roster
from tafahom.agreements.models import Agreement
from tafahom.exchange.rosters.actions import check_rosters, import_rosters, undo
from tafahom.exchange.rosters.file_report import FileStatus
from tafahom.exchange.rosters.messages import message
from tafahom.jalali import month_title
from tafahom.parties.queries import home_province
from tafahom.periods.models import Reopening
from tafahom.periods.rules import PeriodClosedError
from tafahom.training.models import Course, Enrolment, RosterImport

pytestmark = pytest.mark.django_db


def test_rows_of_a_closed_month_are_rejected_with_their_place(
    agreement: Agreement, folder: Path
) -> None:
    [done] = import_rosters([write_roster(folder / "a.csv", line(1))], by=None)
    assert done.status == FileStatus.IMPORTED
    month = Course.objects.get().end_month
    shut(home_province(), month)
    other = {"کد دوره": "13970077", "تاریخ شروع": "1397/11/01", "تاریخ پایان": "1397/11/20"}
    path = write_roster(folder / "b.csv", line(2), line(3, **other), line(4))
    for [report] in (check_rosters([path]), import_rosters([path], by=None)):
        assert (report.accepted, report.rejected) == (1, 2)
        assert [(p.code, p.row, p.column) for p in report.errors] == [
            ("period.closed", 2, "تاریخ پایان"),
            ("period.closed", 4, "تاریخ پایان"),
        ]
    assert "بسته" in message(report.errors[0]) or "closed" in message(report.errors[0])
    assert report.rejects_file
    assert Enrolment.objects.count() == 2


def test_the_same_file_is_still_known_after_its_month_was_closed(
    agreement: Agreement, folder: Path
) -> None:
    path = write_roster(folder / "a.csv", line(1))
    import_rosters([path], by=None)
    shut(home_province(), Course.objects.get().end_month)
    [again] = import_rosters([path], by=None)
    assert (again.status, again.errors) == (FileStatus.UNCHANGED, [])


def test_undoing_an_import_of_a_closed_month_is_refused(agreement: Agreement, folder: Path) -> None:
    import_rosters([write_roster(folder / "a.csv", line(1))], by=None)
    month = Course.objects.get().end_month
    shut(home_province(), month)
    with pytest.raises(PeriodClosedError) as error:
        undo(RosterImport.objects.get(), by=None)
    assert error.value.months == (month,)
    assert not RosterImport.objects.get().undone_at
    with pytest.raises(CommandError, match=month_title(month)):
        call_command("roster", "undo", RosterImport.objects.get().uid, stdout=StringIO())
    assert not Reopening.objects.exists()

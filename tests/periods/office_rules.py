"""What an office does all day, to be walked at random: files of rosters, and pages."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import rule

from periods.machine import MONTHS, WritesMachine, month_numbers, picks
from periods.presses import PRESSES
from periods.walk import all_variants, answered, forms_at, log_in
from roster_files import line, write_roster
from tafahom.access.models import Membership
from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.jalali import days_in_month, split_month
from tafahom.people.models import Person
from tafahom.training.models import Course, RegistryLoad, RosterImport

# Pages of records; those of months are left to the rules that close and reopen them.
PAGES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "attendance": (Course, ()),
    "attendance_restore": (Course, ()),
    "agreement_detail": (Agreement, ()),
    "agreement_edit": (Agreement, ()),
    "agreement_delete": (Agreement, ()),
    "agreement_terminate": (Agreement, ()),
    "renewal_start": (Agreement, ()),
    "promise_record": (Agreement, ("amendment", "promise", "implementation", "national_share")),
    "import_undo": (RosterImport, ()),
    "load_undo": (RegistryLoad, ()),
    "person_forget": (Person, ()),
}
# What rows say otherwise about persons who are known, and about their course.
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "ساعت حضور": st.sampled_from(["40", "95"]),
        "نمره کتبی": st.sampled_from(["", "90"]),
        "جنسیت": st.sampled_from(["زن", "مرد"]),
        "تحصیلات": st.sampled_from(["دیپلم", "لیسانس"]),
        "گروه مخاطب": st.sampled_from(["زندانی", "صنف"]),
        "نام مرکز": st.sampled_from(["مرکز شماره 2 کرج"]),
        "شماره تفاهم‌نامه": st.sampled_from(["A/0", "A/1"]),
    },
)
SERIALS = st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True)
GIVEN = ("--given", "agreement_number=A/1")


class OfficeMachine(WritesMachine):
    """Sends rosters as files and forms from pages; ``folder`` and agreements are made above."""

    folder: Any

    @rule(
        number=month_numbers,
        serials=SERIALS,
        changes=CHANGES,
        replaces=st.booleans(),
        gives=st.booleans(),
    )
    def send_a_file(
        self,
        number: int,
        serials: list[int],
        changes: dict[str, str],
        replaces: bool,
        gives: bool,
    ) -> None:
        path = Path(self.folder.name) / f"roster-{next(self.serial)}.csv"
        rows = [_row(MONTHS[number], serial, changes) for serial in serials]
        if gives:
            for row in rows:
                del row["شماره تفاهم‌نامه"]
        options = [*GIVEN[: 2 * gives], *(["--replace"] if replaces else [])]
        self._write(lambda: self._command("roster", "import", write_roster(path, *rows), *options))

    @rule(pick=picks)
    def undo_an_import_by_command(self, pick: int) -> None:
        done = self._one(RosterImport, pick)
        self._write(lambda: self._command("roster", "undo", done.uid))

    @rule(page=st.sampled_from(sorted(PAGES)), pick=picks, other=picks)
    def send_a_form_of_a_page(self, page: str, pick: int, other: int) -> None:
        model, words = PAGES[page]
        further = words[other % len(words) :][:1] if words else ()
        address = reverse(f"web:{page}", args=[self._one(model, pick).uid, *further])
        client = self._officer()
        sent = [
            one
            for shown in forms_at(client, address)
            if PRESSES[shown.name].must_write
            for one in all_variants([shown], PRESSES[shown.name].ways)
        ]
        assume(sent)
        self._write(lambda: self._post(client, *sent[other % len(sent)]))

    def _post(self, client: Client, address: str, data: Any) -> None:
        response = client.post(address, data)
        if agreed := answered(address, response):
            response = client.post(*agreed)
        assert response.status_code < 500
        self.refused += response.status_code == 409

    def _officer(self) -> Client:
        user = self.people[0]
        for role in (Role.AGREEMENTS_OFFICER, Role.DIRECTOR):
            Membership.objects.get_or_create(user=user, role=role)
        return log_in(user)

    def _command(self, *words: Any) -> None:
        said = StringIO()
        try:
            call_command(*map(str, words), stdout=said, stderr=said)
        except (CommandError, SystemExit):
            self.refused += "بسته" in said.getvalue()


def _row(month: int, serial: int, changes: dict[str, str]) -> dict[str, str]:
    year, number = split_month(month)
    start, end = (f"{year}/{number:02}/{day:02}" for day in (1, days_in_month(year, number)))
    course = {
        "کد دوره": f"F{month}", "تاریخ شروع": start, "تاریخ پایان": end,
        "شماره تفاهم‌نامه": "A/1", "شماره گواهینامه": "",
    }  # fmt: skip
    return line(serial, **(course | changes))

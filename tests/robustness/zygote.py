"""A process that has loaded everything and forks one child for each piece of work, to be killed.

Run as a script. It takes one JSON order a line and answers two lines: the child's process id at
once, and when the child is gone its exit status, what it noted (``w`` when it began to write to
the database, ``e`` when it came to its end) and what it answered.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.db.migrations.recorder import MigrationRecorder  # noqa: E402
from django.db.models import Count, Sum  # noqa: E402
from django.test import Client  # noqa: E402

from periods.conftest import ACCEPTED  # noqa: E402
from registers import save_agreed  # noqa: E402
from tafahom.access.actions import give_role  # noqa: E402
from tafahom.access.models import User  # noqa: E402
from tafahom.access.rules import Role  # noqa: E402
from tafahom.agreements.models import AgreementTemplate  # noqa: E402
from tafahom.audit import guards  # noqa: E402
from tafahom.audit.examination import examine_audit  # noqa: E402
from tafahom.audit.models import Change as TrackedChange  # noqa: E402
from tafahom.audit.models import Entry, Head  # noqa: E402
from tafahom.audit.rules import GENESIS, first_entry_digest  # noqa: E402
from tafahom.config.cli import main as tafahom  # noqa: E402
from tafahom.credentials.models import Certificate  # noqa: E402
from tafahom.exchange import closing  # noqa: E402
from tafahom.exchange.models import StagedImport  # noqa: E402
from tafahom.exchange.rosters import staging  # noqa: E402
from tafahom.exchange.rosters.actions import import_rosters  # noqa: E402
from tafahom.exchange.tasks import import_staged  # noqa: E402
from tafahom.figures.queries import figures  # noqa: E402
from tafahom.figures.tables import FigureQuery  # noqa: E402
from tafahom.parties.queries import home_province  # noqa: E402
from tafahom.people.models import Identity, Person  # noqa: E402
from tafahom.periods import actions  # noqa: E402
from tafahom.periods.models import PeriodStep  # noqa: E402
from tafahom.scoping import everything  # noqa: E402
from tafahom.training.attendance.actions import (  # noqa: E402
    MarkChange,
    add_sessions,
    remove_session,
)
from tafahom.training.attendance.queries import marks_of  # noqa: E402
from tafahom.training.models import (  # noqa: E402
    Attendance,
    ChangedCourse,
    Course,
    CourseSession,
    Enrolment,
    OccupationalStandard,
    RosterImport,
)

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE", "ALTER ", "DROP T")
MARKS = ("present", "absent", "late", "excused")
SAVES = 4
Note = Callable[[str], None]


def work_of(order: dict[str, Any]) -> Any:
    """Do what is ordered; the answer."""
    if "command" in order:
        return run_command(order["command"])
    with everything("the whole installation is tried"):
        works: dict[str, Callable[..., Any]] = {
            "look": look,
            "schema": schema,
            "prepare": prepare_register,
            "save": save_registers,
            "die": die_recording,
            "persons": persons,
            "upload": upload,
            "scribble": scribble,
            "marks": count_marks,
            "latest": latest_import,
            "state": state_of,
            "faults": integrity,
            "age": age_audit,
            "read_until": read_until,
            "send_each": send_each,
            "close": close_month,
            "come_in": come_in,
            "moved": moved_months,
            "standards": OccupationalStandard.objects.count,
        }
        return works[order["work"]](**order.get("with", {}))


def run_command(arguments: list[str]) -> int:
    """Run a `tafahom` command as its own process would; its exit status."""
    sys.argv = ["tafahom", *arguments]
    try:
        tafahom()
    except SystemExit as left:
        return int(left.code or 0)
    return 0


def prepare_register(course_code: str, sessions: int) -> None:
    """Give a course its sessions, one a day, five minutes each."""
    course = Course.objects.get(code=course_code)
    days = [course.starts_on + dt.timedelta(days=number) for number in range(sessions)]
    add_sessions(course=course, days=days, minutes=5, by=None)


def save_registers(course_code: str) -> int:
    """Mark a whole register some times over, each save one step further; which step was last.

    The step is read from the register itself. Sessions come and go between the saves.
    """
    course = Course.objects.get(code=course_code)
    people = list(course.enrolments.order_by("pk").values_list("pk", flat=True))
    step = 0
    for _ in range(SAVES):
        sessions = list(course.sessions.order_by("pk"))
        marked = marks_of(course)
        empty = [one for one in sessions if not any(place[1] == one.pk for place in marked)]
        kept = [one for one in sessions if one not in empty or not marked]
        step = step_of(course) + 1
        changes = [
            MarkChange(
                who,
                one.pk,
                MARKS[(who + one.ordinal + step) % 4],
                marked[who, one.pk].mark if (who, one.pk) in marked else "",
            )
            for who in people
            for one in kept
        ]
        saved = save_agreed(course, changes)
        assert saved.changed == len(changes), saved
        if marked and empty:
            remove_session(course=course, ordinal=empty[0].ordinal, by=None)
        else:
            add_sessions(
                course=course, days=[course.ends_on], minutes=5, by=None, again_on_a_day=True
            )
    return step


def scribble(course_code: str, mark: str, seed: int) -> tuple[int, int]:
    """Give every cell of an empty register a mark, a few at a time in an order of one's own.

    How many were written, and how many somebody else had marked meanwhile.
    """
    course = Course.objects.get(code=course_code)
    sessions = list(course.sessions.values_list("pk", flat=True))
    people = list(
        course.enrolments.filter(roster_import__file_name="0.csv").values_list("pk", flat=True)
    )
    cells = [(who, one) for who in people for one in sessions]
    chance = random.Random(seed)
    chance.shuffle(cells)
    written = taken = 0
    for start in range(0, len(cells), 10):
        changes = [MarkChange(*cell, mark, "") for cell in cells[start : start + 10]]
        saved = save_agreed(course, changes)
        written += saved.changed
        taken += len(saved.conflicts)
        time.sleep(chance.uniform(0, 0.02))
    return written, taken


def latest_import() -> str:
    """The import that was recorded last."""
    return RosterImport.objects.latest("imported_at").uid


def count_marks(course_code: str) -> dict[str, int]:
    """How often the register of a course says what."""
    return Counter(cell.mark for cell in marks_of(Course.objects.get(code=course_code)).values())


def step_of(course: Course) -> int:
    """How many times the whole register was saved, by the audit."""
    return Entry.objects.filter(
        action="training.attendance_saved", target=f"course:{course.uid}"
    ).count()


def faults_of_register(course: Course) -> list[str]:
    """What is half-written in a register that ``save_registers`` writes."""
    faults = []
    marked = marks_of(course)
    step = step_of(course)
    people = list(course.enrolments.values_list("pk", flat=True))
    sessions = dict(course.sessions.values_list("pk", "ordinal"))
    held = {session for _who, session in marked}
    if step and len(marked) != len(people) * len(held):
        faults.append(f"{len(marked)} marks of {len(people)} people in {len(held)} sessions")
    wrong = [
        place
        for place, cell in marked.items()
        if cell.mark != MARKS[(place[0] + sessions[place[1]] + step) % 4]
    ]
    if wrong:
        faults.append(f"{len(wrong)} marks are not of save {step}")
    credited = dict(
        Attendance.objects.filter(session__course=course)
        .order_by()
        .values_list("enrolment_id")
        .annotate(sum=Sum("credited_minutes"))
    )
    recorded = dict(course.enrolments.values_list("pk", "credited_minutes"))
    if step and any(recorded[pk] != credited.get(pk, 0) for pk in people):
        faults.append("credited minutes are not those of the register")
    actions = Counter(
        Entry.objects.filter(target=f"course:{course.uid}").values_list("action", flat=True)
    )
    if sum(actions.values()) != ChangedCourse.objects.filter(course_id=course.pk).count():
        faults.append("the figures were not told of each write")
    additions = Entry.objects.filter(
        target=f"course:{course.uid}", action="training.sessions_added"
    ).values_list("details", flat=True)
    added = sum(details["sessions"] for details in additions)
    if len(sessions) != added - actions["training.session_removed"]:
        faults.append("sessions and audit differ")
    return faults


def look(register: str = "") -> dict[str, Any]:
    """What the installation holds, at one moment, and what is wrong with it."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        counted = RosterImport.objects.annotate(found=Count("enrolments"))
        by_register = (
            Enrolment.objects.filter(attendance__isnull=False)
            .annotate(sum=Sum("attendance__credited_minutes"))
            .values_list("credited_minutes", "sum")
        )
        faults = [
            *(f"audit: {one.kind} {one.number}" for one in examine_audit().findings),
            *(
                ["courses without people"]
                if Course.objects.filter(enrolments=None).exists()
                else []
            ),
            *(
                ["people without courses"]
                if Person.objects.filter(enrolments=None).exists()
                else []
            ),
            *(
                ["people without names"]
                if Person.objects.count() != Identity.objects.count()
                else []
            ),
            *(["minutes differ"] if any(a != b for a, b in by_register) else []),
            *integrity(),
        ]
        if register and (course := Course.objects.filter(code=register).first()):
            faults += faults_of_register(course)
        return {
            "faults": faults,
            "imports": sorted((row.file_name, row.accepted, row.found) for row in counted),
            "enrolments": Enrolment.objects.count(),
            "certificates": Certificate.objects.count(),
            "sessions": CourseSession.objects.count(),
            "marks": Attendance.objects.count(),
            "saves": Entry.objects.filter(action="training.attendance_saved").count(),
            "entries": Entry.objects.count(),
            "templates": templates(),
        }


def templates() -> list[Any]:
    """Return the templates that came with the product, by code, without ids of chance."""
    found = AgreementTemplate.objects.order_by("code").prefetch_related("kinds", "texts__clauses")
    return [
        [
            one.code,
            sorted(kind.code for kind in one.kinds.all()),
            [[clause.heading for clause in text.clauses.all()] for text in one.texts.all()],
        ]
        for one in found
    ]


def upload(folder: str) -> str:
    """Do what an officer does who sends rosters and has them recorded; the upload's uid."""
    user = User.objects.create(username="officer")
    give_role(user=user, role=Role.AGREEMENTS_OFFICER, by=None)
    files = [SimpleUploadedFile(one.name, one.read_bytes()) for one in Path(folder).iterdir()]
    uid = staging.stage(files, by=user).uid
    staging.run_check(StagedImport.objects.select_related("job", "uploader").get(uid=uid))
    staging.commit(StagedImport.objects.get(uid=uid), by=user)
    import_staged.enqueue(uid)
    return uid


def state_of(uid: str) -> tuple[str, str]:
    """Where an upload and its job are."""
    staged = StagedImport.objects.select_related("job").get(uid=uid)
    assert staged.job
    return staged.state, staged.job.state


def persons(year: int) -> int | float | None:
    """How many people the published figures of a year count."""
    return figures(FigureQuery(year=year, through_month=12)).total.values["persons"]


def read_until(file: str, year: int) -> list[int]:
    """Ask how many people a year has until a file is there; each answer that was another."""
    answers = [int(persons(year) or 0)]
    while not Path(file).exists():
        if (found := int(persons(year) or 0)) != answers[-1]:
            answers.append(found)
    return answers


def send_each(folder: str) -> int:
    """Record the rosters of a folder, each by itself; how many rows were accepted."""
    return sum(
        report.accepted
        for file in sorted(Path(folder).iterdir())
        for report in import_rosters([file], by=None)
    )


def come_in(count: int) -> list[str]:
    """Let so many officers sign in; their session keys."""
    keys = []
    for number in range(count):
        user = User.objects.create(username=f"officer{number}")
        give_role(user=user, role=Role.AGREEMENTS_OFFICER, by=None)
        client = Client()
        client.force_login(user)
        keys.append(client.cookies[settings.SESSION_COOKIE_NAME].value)
    return keys


def close_month(month: int, when: int) -> float:
    """Close a month as soon as so many people are counted in it; its person-minutes then."""
    while int(persons(month // 100) or 0) < when:
        time.sleep(0.01)
    province = home_province()
    actions.begin_closing(province=province, month=month, by=None)
    period = closing.close(province=province, month=month, accepted=ACCEPTED, by=None)
    step = PeriodStep.objects.get(period=period, kind="closed")
    return float(step.details["figures"]["person_minutes"])


def moved_months() -> list[int]:
    """Closed months whose figures are not those of their closing."""
    return [one.period.month for one in closing.compare_all() if one.has_moved or not one.table]


def age_audit() -> None:
    """Write the record of acts as the first release did: no numbers, codes, changes or heads."""
    guards.remove()
    previous = GENESIS
    for entry in Entry.objects.order_by("id"):
        names = ("at", "action", "target", "details")
        known = {name: getattr(entry, name) for name in names}
        digest = first_entry_digest(previous=previous, by=entry.by_id, **known)
        Entry.objects.filter(pk=entry.pk).update(
            previous=previous, digest=digest, changes="", code=""
        )
        previous = digest
    TrackedChange.objects.all().delete()
    Head.objects.all().delete()


def integrity() -> list[str]:
    """What the database itself finds wrong: only SQLite can be asked."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        found = [row[0] for row in cursor.execute("PRAGMA integrity_check").fetchall()]
        loose = cursor.execute("PRAGMA foreign_key_check").fetchall()
    return [text for text in found if text != "ok"] + [f"loose: {row}" for row in loose]


def schema() -> dict[str, Any]:
    """Columns and constraints of all tables as a digest, rows of each, triggers, applied migrations."""
    tables = sorted(connection.introspection.table_names())
    described: list[Any] = []
    rows: dict[str, str] = {}
    with connection.cursor() as cursor:
        for table in tables:
            columns = connection.introspection.get_table_description(cursor, table)
            constraints = connection.introspection.get_constraints(cursor, table)
            names = sorted(column.name for column in columns)
            described.append(
                (
                    table,
                    [(column.name, column.null_ok) for column in sorted(columns)],
                    sorted(
                        (
                            sorted(map(str, one["columns"] or [])),
                            one["unique"],
                            one["check"],
                            one["index"],
                        )
                        for one in constraints.values()
                    ),
                )
            )
            if table in VARYING:
                continue
            quoted = ", ".join(connection.ops.quote_name(name) for name in names)
            cursor.execute(f"SELECT {quoted} FROM {connection.ops.quote_name(table)}")
            digest = hashlib.sha256()
            for row in sorted(map(repr, cursor.fetchall())):
                digest.update(row.encode())
            rows[table] = digest.hexdigest()[:16]
        cursor.execute(TRIGGERS[connection.vendor])
        triggers = sorted(row[0] for row in cursor.fetchall())
    digest = hashlib.sha256(repr(described).encode()).hexdigest()
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    return {
        "schema": digest,
        "triggers": triggers,
        "rows": rows,
        "applied": [f"{a}.{b}" for a, b in applied],
    }


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
# Tables whose rows hold the moment of the migration, ids that depend on its order, or ids of chance
# (the templates that come with the product).
VARYING = {
    "django_migrations", "django_content_type", "auth_permission", "sqlite_sequence",
    "audit_entry", "agreements_agreementtemplate", "agreements_agreementtemplate_kinds",
    "agreements_textversion", "agreements_clause", "agreements_note",
}  # fmt: skip


def die_recording(count: int) -> None:
    """Migrate, and be killed at the moment in which this migration is noted as done."""
    true_record = MigrationRecorder.record_applied
    left = [count]

    def record_applied(recorder: MigrationRecorder, app: str, name: str) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        true_record(recorder, app, name)

    MigrationRecorder.record_applied = record_applied  # type: ignore[method-assign]
    call_command("migrate", interactive=False, verbosity=0)


@contextlib.contextmanager
def noted(note: Note) -> Iterator[None]:
    """Note when the first statement goes out that writes."""
    begun: list[bool] = []

    def watch(execute: Any, sql: str, *rest: Any) -> Any:
        if not begun and sql.lstrip()[:6].upper() in WRITES:
            begun.append(True)
            note("w")
        return execute(sql, *rest)

    with connection.execute_wrapper(watch):
        yield


def child(order: dict[str, Any], writing: int) -> None:
    """Do the work in the forked process."""
    os.setsid()
    silence = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):
        os.dup2(silence, stream)
    sys.stdin, sys.stdout = os.fdopen(0), os.fdopen(1, "w")
    with noted(lambda sign: os.write(writing, sign.encode()) and None):
        answer = work_of(order)
    os.write(writing, b"e" + json.dumps(answer).encode())


def main() -> None:
    """Fork a child for each order until there are no more."""
    for line in sys.stdin:
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            status = 1
            try:
                os.close(reading)
                child(json.loads(line), writing)
                status = 0
            except BaseException:
                sys.excepthook(*sys.exc_info())
            finally:
                os._exit(status)
        os.close(writing)
        sys.stdout.write(json.dumps({"pid": pid}) + "\n")
        sys.stdout.flush()
        with os.fdopen(reading, "rb") as pipe:
            said = pipe.read().decode()
        status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        begun = said.startswith("w")
        _begun, ended, answer = said.partition("e")
        ending = {
            "status": status,
            "wrote": begun,
            "ended": bool(ended),
            "answer": json.loads(answer) if answer else None,
        }
        sys.stdout.write(json.dumps(ending) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

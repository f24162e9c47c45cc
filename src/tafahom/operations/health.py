"""The health of an installation: what is looked at, and what was found."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from tafahom.audit import delivery, signing
from tafahom.audit.examination import examine_audit
from tafahom.audit.models import Entry, Head
from tafahom.audit.words import sentences
from tafahom.figures.closed_months import compare_all
from tafahom.figures.reconciling import months_out_of_step
from tafahom.jalali import format_date, month_code
from tafahom.operations import worker_health
from tafahom.operations.backup import last_backup
from tafahom.operations.findings import Finding, Severity, SeverityLines
from tafahom.operations.production import SESSIONS
from tafahom.operations.reconciling import ACTS
from tafahom.operations.standing import GUARDS
from tafahom.operations.startup import open_files, refusals, unsafe
from tafahom.people import keyring
from tafahom.people.models import Identity
from tafahom.people.queries import identities_of
from tafahom.people.rotation import keys_in_use
from tafahom.reports.render.pdf import font_folders
from tafahom.scoping.pooling import pooling
from tafahom.training.models import Enrolment

SAMPLE = 50
MAX_TOLD = 5
LONGEST_WAIT = timedelta(minutes=10)
LONGEST_TASK = timedelta(hours=2)
LONGEST_WITHOUT_BACKUP = timedelta(days=2)
LITTLE_DISK, HARDLY_ANY_DISK = 2 * 2**30, 200 * 2**20
# Installed with the page assets; without one of them pages or documents look broken.
ASSETS = (
    "@tabler/core/dist/css/tabler.rtl.min.css",
    "htmx.org/dist/htmx.min.js",
    "echarts/dist/echarts.min.js",
    "@fontsource-variable/vazirmatn/files/vazirmatn-arabic-wght-normal.woff2",
)


def examine() -> list[Finding]:
    """Look at everything, in the order in which things depend on each other.

    Without a database that answers, nothing after it is looked at.
    """
    findings = list(_looked("database", _database))
    if findings[-1].level is Severity.FAILED:
        return findings
    for name, look in CHECKS.items():
        findings += _looked(name, look)
    return findings


def _looked(name: str, look: Callable[[], SeverityLines]) -> Iterator[Finding]:
    try:
        for level, text in look():
            yield Finding(name, level, text)
    except (DatabaseError, OSError, ImproperlyConfigured, ValueError) as error:
        yield Finding(name, Severity.FAILED, f"{type(error).__name__}: {error}")


def _database() -> SeverityLines:
    connection.ensure_connection()
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        text = _("The database is not prepared: run “tafahom init” first.")
        yield Severity.FAILED, text
    else:
        yield Severity.OK, _("The database answers and is of this version.")


def _data_directory() -> SeverityLines:
    folder = Path(settings.DATA_DIR)
    with tempfile.TemporaryFile(dir=folder):
        pass
    if folder.stat().st_mode & 0o007:
        yield (
            Severity.WARNING,
            _("Others can enter the data directory: set its mode to 700."),
        )
    else:
        yield Severity.OK, _("The data directory can be written to, by us only.")


def _keys() -> SeverityLines:
    if not keyring.present():
        there = Identity.objects.exists()
        yield (
            Severity.FAILED if there else Severity.WARNING,
            _("There are no keys; they are made when the first person is recorded.")
            if not there
            else _("There are no keys, but identities that need them: bring the keys back."),
        )
        return
    for file in open_files():
        told = _("%(file)s can be read by others: set its mode to 600.") % {"file": file.name}
        yield Severity.FAILED, told
    missing = [key.version for key in keys_in_use() if key.rows and not key.fingerprint]
    if missing:
        yield Severity.FAILED, _("Keys are missing that identities need: %s.") % missing
        return
    newest = Identity.objects.order_by("-pk").values_list("person_id", flat=True)
    oldest = Identity.objects.order_by("pk").values_list("person_id", flat=True)
    sample = {*newest[:SAMPLE], *oldest[:SAMPLE]}
    try:
        opened = len(identities_of(sample))
    except InvalidTag:
        yield (
            Severity.FAILED,
            _("Identities do not open: the keys are others, or rows were changed."),
        )
        return
    yield Severity.OK, _("The keys are there and open identities (%s tried).") % opened


def _warehouse() -> SeverityLines:
    if months := months_out_of_step():
        yield (
            Severity.FAILED,
            _(
                "Figures of %(months)s are not what is recorded. Remove the folder “warehouse” in the"
                " data directory: it is built again."
            )
            % {"months": ", ".join(map(month_code, months[:MAX_TOLD]))},
        )
    else:
        recorded = Enrolment.objects.count()
        yield Severity.OK, _("Figures are in step with the database (%s enrolments).") % recorded


def _audit() -> SeverityLines:
    if not signing.present() and Head.objects.exists():
        yield Severity.FAILED, _("There is no audit key: bring it back.")
        return
    chain = examine_audit()
    if chain.intact:
        yield (
            Severity.OK,
            _("The audit is intact: %(count)s entries, head %(head)s.")
            % {"count": chain.entries, "head": chain.head[:16]},
        )
    for text in islice(sentences(chain), 0 if chain.intact else MAX_TOLD):
        yield Severity.FAILED, text
    if day := delivery.overdue():
        text = _("The head of %s still waits to be sent outside: “tafahom audit send-heads”.")
        yield Severity.WARNING, text % format_date(day, "en")


def _closed_figures() -> SeverityLines:
    found = list(compare_all())
    for one in found:
        if one.table is None:
            said = _("%s has no table of figures yet: run “tafahom periods check”.")
            yield Severity.WARNING, said % one.title
        elif not one.is_whole:
            yield Severity.FAILED, _("The table of figures of %s was changed.") % one.title
    moved = [one.describe(figure) for one in found for figure in one.moved]
    for said in moved[:MAX_TOLD]:
        yield Severity.FAILED, said
    if len(moved) > MAX_TOLD:
        said = _("%(count)s figures of closed months moved: “tafahom periods check” tells all.")
        yield Severity.FAILED, said % {"count": len(moved)}
    if not any(one.has_moved or one.table is None for one in found):
        yield Severity.OK, _("Figures of %s closed months are those of their tables.") % len(found)


def _wall() -> SeverityLines:
    if connection.vendor != "postgresql":
        yield Severity.OK, _("On SQLite there is no second wall around what a role may see.")
        return
    if shared := pooling():
        yield Severity.FAILED, str(SESSIONS[shared])
    held: Any = connection
    held.say_scope()
    if held.is_held:
        yield Severity.OK, _("The database itself keeps to what a role may see.")
    else:
        yield (
            Severity.WARNING,
            _("The service owns its tables: let it log in as one who owns nothing."),
        )


def _background() -> SeverityLines:
    if not settings.TASKS["default"]["BACKEND"].startswith("django_tasks_db"):
        yield Severity.OK, _("Long work is done at once; there is no worker.")
        return
    if said := worker_health.trouble():
        yield Severity.FAILED, said
        return
    now = timezone.now()
    waiting = DBTaskResult.objects.filter(status="READY").order_by("enqueued_at").first()
    stuck = DBTaskResult.objects.filter(status="RUNNING", started_at__lt=now - LONGEST_TASK)
    if waiting and now - waiting.enqueued_at > LONGEST_WAIT:
        minutes = int((now - waiting.enqueued_at).total_seconds() // 60)
        yield (
            Severity.FAILED,
            _("Work has waited for %s minutes: no worker takes it; restart the service.") % minutes,
        )
    elif count := stuck.count():
        yield Severity.WARNING, _("%s tasks have run for more than two hours.") % count
    else:
        yield Severity.OK, _("No work waits for a worker.")


def _backup() -> SeverityLines:
    last = last_backup()
    if last is None:
        yield Severity.WARNING, _("No backup was ever made from here.")
    elif timezone.now() - last > LONGEST_WITHOUT_BACKUP:
        days = (timezone.now() - last).days
        yield Severity.WARNING, _("The last backup is %s days old.") % days
    else:
        yield Severity.OK, _("There is a backup of the last two days.")


def _disk() -> SeverityLines:
    free = shutil.disk_usage(settings.DATA_DIR).free
    level = Severity.OK
    if free < LITTLE_DISK:
        level = Severity.FAILED if free < HARDLY_ANY_DISK else Severity.WARNING
    yield level, _("%.1f GB of disk are free.") % (free / 1e9)


def _clock() -> SeverityLines:
    try:
        ZoneInfo(settings.TIME_ZONE)
    except ZoneInfoNotFoundError:
        yield Severity.FAILED, _("The system has no time zone data.")
    newest = Entry.objects.order_by("-id").values_list("at", flat=True).first()
    if newest and newest > timezone.now() + timedelta(minutes=1):
        yield Severity.FAILED, _("The clock is behind the last entry of the audit.")
    else:
        yield Severity.OK, _("The clock does not run behind what was recorded.")


def _assets() -> SeverityLines:
    missing = [name for name in ASSETS if not finders.find(name)]
    if not any(folder.is_dir() for folder in font_folders()):
        missing.append("Vazirmatn")
    if missing:
        yield Severity.FAILED, _("Files of pages are missing (run “make setup”): %s.") % missing
    else:
        yield Severity.OK, _("Fonts and files of pages are there.")


def _settings() -> SeverityLines:
    level = Severity.FAILED if settings.PRODUCTION else Severity.WARNING
    found = refusals() if settings.PRODUCTION else unsafe()
    for text in found:
        yield level, text
    if os.geteuid() == 0 and settings.PRODUCTION:
        yield Severity.WARNING, _("Tafahom runs as root; an account of its own is enough.")
    elif not found:
        yield Severity.OK, _("The settings are safe.")


CHECKS: dict[str, Callable[[], SeverityLines]] = {
    "data_directory": _data_directory,
    "keys": _keys,
    "warehouse": _warehouse,
    **GUARDS,
    "audit": _audit,
    **ACTS,
    "closed_figures": _closed_figures,
    "wall": _wall,
    "background": _background,
    "backup": _backup,
    "disk": _disk,
    "clock": _clock,
    "assets": _assets,
    "settings": _settings,
}

"""Letting personal data out in bulk: one asks, another decides, the file is taken once.

States change by conditional updates: of two people who press a button, one wins.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.models import Agreement
from tafahom.audit.actions import record, record_reading
from tafahom.jobs import actions as jobs
from tafahom.jobs.models import Job, JobState
from tafahom.parties.models import Partner
from tafahom.privacy import files
from tafahom.privacy.export_table import OF, enrolments, export_table
from tafahom.privacy.models import DataExport, Subject
from tafahom.privacy.rules import (
    DAYS_TO_DECIDE,
    HOURS_TO_TAKE,
    STEPS,
    ExportState,
    good_reason,
)
from tafahom.refusals import Refusal
from tafahom.reports.render import xlsx
from tafahom.scoping import everything
from tafahom.training.models import Course, Enrolment

MAX_ROWS = 20_000
ASKED_FOR = ("names", "national_id", "fida_code", "birth_date", "mobile")


def subject_title(subject: Subject, uid: str) -> str:
    """Return what the export is called. Raises Refusal when it is not there, or not seen."""
    if subject is Subject.COURSE:
        course = Course.objects.filter(uid=uid).first()
        title = course.title if course else ""
    elif subject is Subject.AGREEMENT:
        agreement = Agreement.objects.select_related("partner").filter(uid=uid).first()
        title = f"{agreement.partner.name} · {agreement.number}" if agreement else ""
    else:
        partner = Partner.objects.filter(uid=uid).first()
        title = partner.name if partner else ""
    if not title:
        raise Refusal("export.unknown")
    return title[:300]


@transaction.atomic
def request_export(
    *, subject: Subject, subject_uid: str, reason: str, with_audience: bool, by: User
) -> DataExport:
    """Ask for a file. Raises Refusal, also for a reason that says nothing."""
    title = subject_title(subject, subject_uid)
    count = enrolments(subject, subject_uid).count()
    if not count:
        raise Refusal("export.empty")
    if count > MAX_ROWS:
        raise Refusal("export.too_large")
    export = DataExport.objects.create(
        subject=subject,
        subject_uid=subject_uid,
        title=title,
        reason=good_reason(reason),
        with_audience=with_audience,
        rows=count,
        requested_by=by,
        expires_at=timezone.now() + dt.timedelta(days=DAYS_TO_DECIDE),
    )
    _note("asked", export, by=by)
    return export


@transaction.atomic
def approve(export: DataExport, *, by: User) -> None:
    """Let the file be made for who asked; start ``tasks.export`` once this is committed.

    Raises Refusal for one's own request, and when it waits no longer.
    """
    _refuse_own(export, by)
    job = jobs.create(kind="privacy.export", total=export.rows, by=export.requested_by)
    now = timezone.now()
    _move(
        export,
        ExportState.PREPARING,
        decided_by=by,
        decided_at=now,
        job=job,
        expires_at=now + dt.timedelta(hours=HOURS_TO_TAKE),
    )
    _note("approved", export, by=by)


@transaction.atomic
def decline(export: DataExport, *, note: str, by: User) -> None:
    """Refuse a request, saying why. Raises Refusal, also for an empty note."""
    _refuse_own(export, by)
    _move(
        export,
        ExportState.DECLINED,
        decided_by=by,
        decided_at=timezone.now(),
        decision_note=good_reason(note),
    )
    _note("declined", export, by=by)


@transaction.atomic
def withdraw(export: DataExport, *, by: User) -> None:
    """Take one's own request back, and the file with it. Raises Refusal."""
    if export.requested_by_id != by.pk:
        raise Refusal("export.not_yours")
    _move(export, ExportState.WITHDRAWN)
    if export.job:
        jobs.cancel(export.job)
    _note("withdrawn", export, by=by)
    transaction.on_commit(lambda: files.remove(export.uid))


def prepare(export: DataExport) -> None:
    """Make the file; what the task runs, in the scope of who asked. Safe to run twice."""
    job = export.job
    if job is None or export.state != ExportState.PREPARING:
        return
    if job.state == JobState.FAILED:  # given up: it brought the worker down each time
        DataExport.objects.filter(pk=export.pk).update(state=ExportState.FAILED)
        return
    if not jobs.start(job):
        return
    try:
        table = export_table(export, advance=_follower(job))
        files.keep(export.uid, xlsx.render(table))
        with transaction.atomic():
            _move(
                export,
                ExportState.READY,
                rows=len(table.rows),
                expires_at=timezone.now() + dt.timedelta(hours=HOURS_TO_TAKE),
            )
            jobs.finish(job, result={"rows": len(table.rows)})
            _note("made", export, by=export.requested_by)
    except Refusal:  # withdrawn, or its time was over, while it was made
        files.remove(export.uid)
        job.refresh_from_db()
        jobs.finish(job)
    except Exception:
        files.remove(export.uid)
        DataExport.objects.filter(pk=export.pk, state=ExportState.PREPARING).update(
            state=ExportState.FAILED
        )
        jobs.fail(job, note="failed")
        raise


def take(export: DataExport, *, people: Collection[str], by: User) -> bytes:
    """Return the file, once, to who asked for it; then it is destroyed. Raises Refusal.

    ``people`` are uids of those in it, for the record of who read their data.
    """
    if export.requested_by_id != by.pk:
        raise Refusal("export.not_yours")
    try:
        content = files.read(export.uid)
    except OSError as error:
        raise Refusal("export.gone") from error
    with transaction.atomic():
        _move(export, ExportState.TAKEN, taken_at=timezone.now())
        asked_for = (*ASKED_FOR, "audience") if export.with_audience else ASKED_FOR
        record_reading(
            what="privacy.export",
            targets=[f"person:{uid}" for uid in sorted(people)],
            fields=asked_for,
            reason=export.reason,
            where=f"export:{export.uid}",
            by=by,
        )
        _note("taken", export, by=by)
    files.remove(export.uid)
    return content


def end_what_is_over() -> int:
    """Let requests and files end whose time is over, and remove files that nothing needs."""
    ended = 0
    open_states = [state for state, steps in STEPS.items() if ExportState.EXPIRED in steps]
    for export in DataExport.objects.filter(
        state__in=[state.value for state in open_states], expires_at__lte=timezone.now()
    ):
        with transaction.atomic():
            changed = DataExport.objects.filter(pk=export.pk, state=export.state).update(
                state=ExportState.EXPIRED
            )
            if changed:
                ended += 1
                _note("expired", export, by=None)
    if there := files.kept():
        needed = DataExport.objects.filter(
            state__in=[ExportState.READY, ExportState.PREPARING], uid__in=there
        )
        for uid in there - set(needed.values_list("uid", flat=True)):
            files.remove(uid)
    return ended


@everything("a file that names somebody who is forgotten must go")
def end_those_about(person_ids: Iterable[int]) -> None:
    """End exports that hold people who are being forgotten; call in their transaction."""
    of_them = Enrolment.objects.filter(person_id__in=list(person_ids)).order_by()
    about = Q(pk__in=[])
    for subject, path in OF.items():
        about |= Q(subject=subject, subject_uid__in=of_them.values(path))
    waiting = (ExportState.PREPARING.value, ExportState.READY.value)
    for export in DataExport.objects.filter(about, state__in=waiting):
        if DataExport.objects.filter(pk=export.pk, state=export.state).update(
            state=ExportState.EXPIRED
        ):
            _note("expired", export, by=None)
            transaction.on_commit(partial(files.remove, export.uid))


def people_in(export: DataExport) -> list[str]:
    """Return the uids of the people an export is about, within the present scope."""
    found = enrolments(Subject(export.subject), export.subject_uid)
    return list(found.order_by().values_list("person__uid", flat=True).distinct())


def _refuse_own(export: DataExport, by: User) -> None:
    if export.requested_by_id == by.pk:
        raise Refusal("export.own")


def _move(export: DataExport, state: ExportState, **changes: Any) -> None:
    """Go to a state. Raises Refusal when one cannot go there any more."""
    come_from = [before.value for before, steps in STEPS.items() if state in steps]
    moved = DataExport.objects.filter(
        pk=export.pk, state__in=come_from, expires_at__gt=timezone.now()
    ).update(state=state, **changes)
    if not moved:
        raise Refusal("export.state")
    export.refresh_from_db()


def _note(what: str, export: DataExport, *, by: User | None) -> None:
    record(
        action=f"privacy.export_{what}",
        target=f"export:{export.uid}",
        details={
            "subject": f"{export.subject}:{export.subject_uid}",
            "rows": export.rows,
            "with_audience": export.with_audience,
        },
        by=by,
    )


def _follower(job: Job) -> Callable[[int], None]:
    def advance(rows: int) -> None:
        if not jobs.advance(job, steps=rows):
            raise Refusal("export.state")

    return advance

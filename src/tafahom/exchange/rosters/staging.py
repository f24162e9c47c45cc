"""The way of uploaded files: stored, checked, then recorded or cancelled.

States change by conditional updates: of two people who press a button, one wins.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.audit.actions import record
from tafahom.exchange.models import StagedFile, StagedImport, StagedState
from tafahom.exchange.rosters import storage, summaries
from tafahom.exchange.rosters.actions import CancelledError, check_rosters, import_rosters
from tafahom.exchange.rosters.answering import check_answer, remember_answer
from tafahom.exchange.rosters.file_report import FileReport, IsCancelled, Progress, RosterFile
from tafahom.exchange.rosters.parsing.given import Given
from tafahom.exchange.rosters.parsing.meanings import Answers
from tafahom.exchange.rosters.questions import GIVEN_FIELDS
from tafahom.jobs import actions as jobs
from tafahom.jobs.models import Job, JobState
from tafahom.parties.models import Partner
from tafahom.people import vault
from tafahom.training.models import RosterImport


class StateError(Exception):
    """The upload is in another state than the step needs."""


class _Run(Protocol):
    def __call__(
        self, files: Sequence[RosterFile], follow: Callable[[Progress], None], stop: IsCancelled
    ) -> list[FileReport]: ...


def stage(files: Iterable[UploadedFile], *, by: User) -> StagedImport:
    """Store uploaded files and prepare their check; the same content twice is kept once.

    Raises ``storage.TooLargeError``. Start the check after this has been committed.
    """
    stored = {
        kept.sha256: kept
        for kept in (storage.store(file.chunks(), name=file.name or "?") for file in files)
    }
    with transaction.atomic():
        staged = StagedImport.objects.create(uploader=by)
        StagedFile.objects.bulk_create(
            StagedFile(staged=staged, sha256=kept.sha256, name=kept.name, size=kept.size)
            for kept in stored.values()
        )
        _give_job(staged, kind="roster.check", by=by)
    return staged


def stage_again(staged: StagedImport, *, by: User) -> None:
    """Prepare another check of files whose work broke off. Raises StateError unless it did."""
    with transaction.atomic():
        _move(staged, StagedState.STAGED, come_from=(StagedState.CHECKED, StagedState.FAILED))
        _give_job(staged, kind="roster.check", by=by)


def answer_file(
    file: StagedFile,
    *,
    answers: Answers,
    given: Given,
    partner: Partner | None = None,
    remember: Mapping[str, str] | None = None,
    by: User,
) -> None:
    """Keep answers and given values of a file and prepare another check.

    ``given`` takes the place of what was given before, ``answers`` are added. ``remember`` are
    those that are kept for the rosters of ``partner``: keys, with the heading or word as it is
    written. Raises ValueError for an answer or field that cannot be, StateError unless checked.
    """
    for key, text in answers.items():
        check_answer(key, text)
    if not {field for values in given.values() for field in values} <= set(GIVEN_FIELDS):
        raise ValueError("a field cannot be given")
    with transaction.atomic():
        fresh = _again(file, by=by)
        fresh.answers = {**fresh.answers, **answers}
        fresh.given = {sheet: dict(values) for sheet, values in given.items() if values}
        fresh.save(update_fields=["answers", "given"])
        if partner:
            for key, text in (remember or {}).items():
                remember_answer(partner=partner, key=key, text=text, answer=answers[key], by=by)
        fields = sorted({field for values in given.values() for field in values})
        _record_answered(file, {"answers": len(answers), "given": fields}, by=by)


def ask_again(file: StagedFile, *, by: User) -> None:
    """Take back all answers to questions of a file and prepare another check.

    What is remembered for its partner stays. Raises StateError unless checked.
    """
    with transaction.atomic():
        fresh = _again(file, by=by)
        fresh.answers = {}
        fresh.save(update_fields=["answers"])
        _record_answered(file, {"answers": 0}, by=by)


def _again(file: StagedFile, *, by: User) -> StagedFile:
    """Prepare another check of the upload of a file; return the file as it is now."""
    _move(file.staged, StagedState.STAGED, come_from=(StagedState.CHECKED,))
    _give_job(file.staged, kind="roster.check", by=by)
    return StagedFile.objects.get(pk=file.pk)


def _record_answered(file: StagedFile, details: dict[str, object], *, by: User) -> None:
    record(
        action="exchange.file_answered",
        target=f"staged_import:{file.staged.uid}",
        details={"file": file.name, **details},
        by=by,
    )


def commit(
    staged: StagedImport, *, all_or_nothing: bool = False, replace: bool = False, by: User
) -> None:
    """Prepare the recording of what was checked. Raises StateError unless checked."""
    with transaction.atomic():
        _move(staged, StagedState.COMMITTING, come_from=(StagedState.CHECKED,))
        StagedImport.objects.filter(pk=staged.pk).update(
            all_or_nothing=all_or_nothing, replace=replace
        )
        _give_job(staged, kind="roster.import", by=by)


def cancel(staged: StagedImport, *, by: User | None) -> None:
    """Stop what is running and forget the files, unless they were recorded.

    A recording stops at its next file: what is recorded by then stays and can be undone.
    """
    if staged.job:
        jobs.cancel(staged.job)
    waiting = StagedImport.objects.filter(pk=staged.pk).exclude(
        state__in=(StagedState.COMMITTED, StagedState.CANCELLED, StagedState.COMMITTING)
    )
    if waiting.update(state=StagedState.CANCELLED):
        staged.refresh_from_db()
        _forget_files(staged)
        record(action="exchange.upload_cancelled", target=f"staged_import:{staged.uid}", by=by)
    elif staged.job and staged.job.state == "cancelled":
        # Its turn to be recorded had not come.
        StagedImport.objects.filter(pk=staged.pk, state=StagedState.COMMITTING).update(
            state=StagedState.CHECKED
        )


def run_check(staged: StagedImport) -> None:
    """Check the files of an upload and remember what was found; what the task runs."""

    def check(
        files: Sequence[RosterFile], follow: Callable[[Progress], None], stop: IsCancelled
    ) -> list[FileReport]:
        return check_rosters(
            files,
            by=staged.uploader,
            give_back=True,
            within=scope_of(staged.uploader, Act.IMPORT_ROSTERS),
            progress=follow,
            cancelled=stop,
        )

    _run(staged, check, come_from=StagedState.STAGED, go_to=StagedState.CHECKED)


def run_import(staged: StagedImport) -> None:
    """Record the files of an upload; what the task runs."""
    by = staged.job.started_by if staged.job else None

    def record_all(
        files: Sequence[RosterFile], follow: Callable[[Progress], None], stop: IsCancelled
    ) -> list[FileReport]:
        return import_rosters(
            files,
            all_or_nothing=staged.all_or_nothing,
            replace=staged.replace,
            seal_rejects=True,
            by=by,
            sender=staged.uploader,
            within=scope_of(by, Act.IMPORT_ROSTERS),
            progress=follow,
            cancelled=stop,
        )

    _run(staged, record_all, come_from=StagedState.COMMITTING, go_to=StagedState.COMMITTED)


def _run(staged: StagedImport, work: _Run, *, come_from: StagedState, go_to: StagedState) -> None:
    """Run a step under its job. Safe to run twice: a job is started once only."""
    job = staged.job
    here = StagedImport.objects.filter(pk=staged.pk, state=come_from)
    if job is not None and job.state == JobState.FAILED:
        here.update(state=StagedState.FAILED)  # given up: it brought the worker down each time
        return
    if job is None or staged.state != come_from or not jobs.start(job):
        return
    kept = {storage.path_of(file.sha256): file for file in staged.files.all()}
    try:
        with vault.readable(kept) as copies:
            files = [
                RosterFile(copies[place], file.name, file.sha256, file.answers, file.given)
                for place, file in kept.items()
            ]
            reports = work(files, _Follower(job), lambda: _is_cancelled(job))
    except CancelledError:
        here.update(state=StagedState.CANCELLED)
        _forget_files(staged)
        job.refresh_from_db()
        jobs.finish(job)
    except Exception:
        here.update(state=StagedState.FAILED)
        jobs.fail(job, note="failed")
        raise
    else:
        totals = summaries.total(reports)
        job.refresh_from_db()  # somebody may have asked it to stop
        with transaction.atomic():
            _remember(staged, reports)
            here.update(state=go_to, summary=totals)
            jobs.finish(job, result=totals)
        if go_to == StagedState.COMMITTED:
            for file in kept.values():
                storage.forget_parsed(file.sha256)


class _Follower:
    """Writes progress to the job, only when it moved."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._done = 0

    def __call__(self, progress: Progress) -> None:
        if self._job.total != progress.total:
            Job.objects.filter(pk=self._job.pk).update(total=progress.total)
        jobs.advance(self._job, steps=max(0, progress.done - self._done), note=progress.file)
        self._done = max(self._done, progress.done)


def _is_cancelled(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def _remember(staged: StagedImport, reports: Sequence[FileReport]) -> None:
    by_digest = {report.sha256: report for report in reports}
    for file in staged.files.all():
        report = by_digest.get(file.sha256)
        file.report = summaries.remember(report) if report else {}
        file.save(update_fields=["report"])


def _move(staged: StagedImport, state: StagedState, *, come_from: Sequence[StagedState]) -> None:
    moved = StagedImport.objects.filter(pk=staged.pk, state__in=come_from).update(state=state)
    if not moved:
        raise StateError(staged.state)


def _give_job(staged: StagedImport, *, kind: str, by: User) -> None:
    staged.job = jobs.create(kind=kind, by=by)
    StagedImport.objects.filter(pk=staged.pk).update(job=staged.job)
    staged.refresh_from_db()


def _forget_files(staged: StagedImport) -> None:
    """Remove files, and workbooks that went back from them, that nothing else needs.

    They are full of names and numbers.
    """
    for file in staged.files.all():
        needed = RosterImport.objects.filter(sha256=file.sha256).exists()
        others = StagedFile.objects.filter(sha256=file.sha256).exclude(staged=staged)
        if not needed and not others.exclude(staged__state=StagedState.CANCELLED).exists():
            storage.destroy(file.sha256)

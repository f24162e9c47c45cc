"""Destroying many identities: one asks with a preview, another approves exactly that.

States change by conditional updates, as those of exports (``privacy.actions.exports``) do.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.audit.actions import record
from tafahom.exchange.rosters import storage
from tafahom.jalali import to_jalali
from tafahom.jobs import actions as jobs
from tafahom.jobs.models import Job, JobState
from tafahom.people.models import Person
from tafahom.people.queries import chunks
from tafahom.persian import clean
from tafahom.privacy.actions.retention import RetentionProgress, forget_listed
from tafahom.privacy.models import Cause, RetentionRequest
from tafahom.privacy.queries import due, files_of, retention_rules, with_last_course
from tafahom.privacy.rules import DAYS_TO_DECIDE, RETENTION_STEPS, RetentionState, good_reason
from tafahom.refusals import Refusal
from tafahom.scoping import everything, scoped_to


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would destroy, and by what rules.

    ``persons`` who lose their identity; ``by_year`` says in which Jalali years the last courses
    of how many of them ended (0: no course), ``first`` and ``last`` the days, in ISO, or empty.
    ``enrolments`` stay. ``files`` are stored rosters that are destroyed. ``rules`` are the years
    by code of the audience; none for people who asked for it.
    """

    persons: int
    enrolments: int
    files: int
    first: str
    last: str
    by_year: list[tuple[int, int]]
    rules: list[tuple[str, int]]


@transaction.atomic
def request_retention(*, by: User) -> RetentionRequest:
    """Ask that everybody whose time is over, within the present scope, is forgotten.

    Raises Refusal when nobody is, or when one of one's own requests is under way.
    """
    if open_requests().filter(cause=Cause.RETENTION, requested_by=by).exists():
        raise Refusal("retention.open")
    return _request(list(due()), cause=Cause.RETENTION, reference="", by=by)


@transaction.atomic
def request_erasure(*, people: Iterable[str], reference: str, by: User) -> RetentionRequest:
    """Ask that these people (uids), who asked for it themselves, are forgotten together.

    Who was forgotten before is left out. Raises Refusal when nobody is left.
    """
    found: list[Person] = []
    for chunk in chunks(sorted(set(people))):
        found += Person.objects.filter(uid__in=chunk, identity__isnull=False)
    return _request(found, cause=Cause.REQUEST, reference=clean(reference)[:60], by=by)


@transaction.atomic
def approve(request: RetentionRequest, *, by: User) -> None:
    """Let a request be carried out; start ``tasks.retention`` once this is committed.

    Raises Refusal for one's own, when it waits no longer, and when what was previewed is
    not what would be done now.
    """
    _refuse_own(request, by)
    if not holds_still(request):
        raise Refusal("retention.changed")
    job = jobs.create(kind="retention.run", total=len(request.people), by=request.requested_by)
    _move(request, RetentionState.RUNNING, decided_by=by, decided_at=timezone.now(), job=job)
    _note("approved", request, by=by)


@transaction.atomic
def decline(request: RetentionRequest, *, note: str, by: User) -> None:
    """Refuse a request, saying why. Raises Refusal, also for an empty note."""
    _refuse_own(request, by)
    _move(
        request,
        RetentionState.DECLINED,
        decided_by=by,
        decided_at=timezone.now(),
        decision_note=good_reason(note),
    )
    _note("declined", request, by=by)


@transaction.atomic
def withdraw(request: RetentionRequest, *, by: User) -> None:
    """Take one's own request back, before it was approved. Raises Refusal."""
    if request.requested_by_id != by.pk:
        raise Refusal("retention.not_yours")
    _move(request, RetentionState.WITHDRAWN)
    _note("withdrawn", request, by=by)


def stop(request: RetentionRequest) -> None:
    """Ask the carrying out to stop at its next safe point; who is forgotten by then stays so."""
    if request.job:
        jobs.cancel(request.job)
        if request.job.state == JobState.CANCELLED:  # before its turn came
            _end(request, RetentionState.STOPPED)


def carry_out(request: RetentionRequest, *, progress: RetentionProgress | None = None) -> None:
    """Forget the people of an approved request; what the task runs. Safe to run twice."""
    job = request.job
    if job is None or request.state != RetentionState.RUNNING:
        return
    if job.state == JobState.FAILED:  # given up: it brought the worker down each time
        _end(request, RetentionState.FAILED)
        return
    if not jobs.start(job):
        return

    def follow(done: int, total: int) -> None:
        jobs.advance(job, steps=done - job.done)
        if progress:
            progress(done, total)

    try:
        with scoped_to(scope_of(request.requested_by, Act.MANAGE_RETENTION)):
            erased, files = forget_listed(request, progress=follow, cancelled=lambda: _stops(job))
    except Exception:
        _end(request, RetentionState.FAILED)
        jobs.fail(job, note="failed")
        raise
    job.refresh_from_db()
    is_stopped = job.cancel_requested
    jobs.finish(job, result={"due": len(request.people), "erased": erased, "files": files})
    _end(request, RetentionState.STOPPED if is_stopped else RetentionState.DONE)


def end_what_is_over() -> int:
    """Let requests end that nobody decided in time; how many did."""
    ended = 0
    for request in RetentionRequest.objects.filter(
        state=RetentionState.REQUESTED, expires_at__lte=timezone.now()
    ):
        with transaction.atomic():
            changed = RetentionRequest.objects.filter(
                pk=request.pk, state=RetentionState.REQUESTED
            ).update(state=RetentionState.EXPIRED)
            if changed:
                ended += 1
                _note("expired", request, by=None)
    return ended


def open_requests() -> Any:
    """Return the requests that wait or are being carried out."""
    waiting = RetentionRequest.objects.filter(
        state=RetentionState.REQUESTED, expires_at__gt=timezone.now()
    )
    return waiting | RetentionRequest.objects.filter(state=RetentionState.RUNNING)


def holds_still(request: RetentionRequest) -> bool:
    """Whether what was previewed is what would be done now, and is still for who asked to ask."""
    with scoped_to(scope_of(request.requested_by, Act.MANAGE_RETENTION)):
        still = due() if request.cause == Cause.RETENTION else _with_identity()
        people: list[Person] = []
        for chunk in chunks(request.people):
            people += still.filter(uid__in=chunk)
    return preview(people, cause=Cause(request.cause))[1] == request.digest


@everything("what is destroyed is counted wherever it lies")
def preview(people: Sequence[Person], *, cause: Cause) -> tuple[Preview, str]:
    """Return what forgetting these people destroys, and a digest that stands for just that."""
    last: dict[str, str] = {}
    enrolments = 0
    for chunk in chunks(person.pk for person in people):
        found = with_last_course(Person.objects.filter(pk__in=chunk))
        for uid, day in found.values_list("uid", "last_course"):
            last[uid] = day.isoformat() if day else ""
        enrolments += Person.objects.filter(pk__in=chunk, enrolments__isnull=False).count()
    digests = files_of(person.pk for person in people)
    days = sorted(filter(None, last.values()))
    years = Counter(_year(day) for day in last.values())
    is_by_rule = cause is Cause.RETENTION
    shown = Preview(
        persons=len(last),
        enrolments=enrolments,
        files=sum(storage.path_of(digest).is_file() for digest in digests),
        first=days[0] if days else "",
        last=days[-1] if days else "",
        by_year=sorted(years.items()),
        rules=[(rule.code, rule.years) for rule in retention_rules()] if is_by_rule else [],
    )
    seen = [cause.value, sorted(last.items()), shown.rules, sorted(digests)]
    return shown, sha256(json.dumps(seen).encode()).hexdigest()


def _request(
    people: Sequence[Person], *, cause: Cause, reference: str, by: User
) -> RetentionRequest:
    if not people:
        raise Refusal("retention.empty")
    shown, digest = preview(people, cause=cause)
    request = RetentionRequest.objects.create(
        cause=cause,
        reference=reference,
        people=sorted(person.uid for person in people),
        preview=asdict(shown),
        digest=digest,
        requested_by=by,
        expires_at=timezone.now() + dt.timedelta(days=DAYS_TO_DECIDE),
    )
    _note("asked", request, by=by)
    return request


def _with_identity() -> Any:
    return Person.objects.filter(identity__isnull=False)


def _year(day: str) -> int:
    return to_jalali(dt.date.fromisoformat(day))[0] if day else 0


def _refuse_own(request: RetentionRequest, by: User) -> None:
    if request.requested_by_id == by.pk:
        raise Refusal("retention.own")


def _move(request: RetentionRequest, state: RetentionState, **changes: Any) -> None:
    """Go to a state from a request that waits. Raises Refusal when it does no longer."""
    come_from = [before.value for before, steps in RETENTION_STEPS.items() if state in steps]
    moved = RetentionRequest.objects.filter(
        pk=request.pk, state__in=come_from, expires_at__gt=timezone.now()
    ).update(state=state, **changes)
    if not moved:
        raise Refusal("retention.state")
    request.refresh_from_db()


@transaction.atomic
def _end(request: RetentionRequest, state: RetentionState) -> None:
    """Leave the running state; when it was left before, nothing happens."""
    here = RetentionRequest.objects.filter(pk=request.pk, state=RetentionState.RUNNING)
    if here.update(state=state):
        request.refresh_from_db()
        _note(state.value, request, by=request.requested_by)


def _stops(job: Job) -> bool:
    return Job.objects.filter(pk=job.pk, cancel_requested=True).exists()


def _note(what: str, request: RetentionRequest, *, by: User | None) -> None:
    details = {
        "cause": request.cause,
        "persons": len(request.people),
        "digest": request.digest,
    }
    if request.job:
        details |= request.job.result
    record(
        action=f"privacy.retention_{what}",
        target=f"retention_request:{request.uid}",
        details=details,
        by=by,
    )

"""Forgetting who people were, without changing a figure."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from tafahom.access.models import User
from tafahom.agreements.intake.contacts import erase_old_contacts
from tafahom.audit.actions import record
from tafahom.exchange.models import StagedImport, StagedState
from tafahom.exchange.rosters import staging, storage
from tafahom.parties.models import Audience
from tafahom.people.actions import destroy_identities
from tafahom.people.models import Person
from tafahom.persian import clean
from tafahom.privacy.actions.exports import end_those_about
from tafahom.privacy.actions.readings import forget_old_readings
from tafahom.privacy.models import (
    Cause,
    Erasure,
    RetentionRequest,
    RetentionRule,
    YearsRequest,
)
from tafahom.privacy.queries import due, files_of, retention_rules
from tafahom.privacy.rules import DAYS_TO_RECORD, FEWEST_YEARS, MAX_YEARS
from tafahom.refusals import Refusal
from tafahom.scoping import everything

BATCH = 100
# Called after each batch: people forgotten so far, and how many there were to forget.
RetentionProgress = Callable[[int, int], None]


class NothingToEraseError(Exception):
    """The person has no identity: it was destroyed before."""


@dataclass(frozen=True, slots=True)
class Tidied:
    """What was put away without a decision of anybody, because its time was over.

    Stored files of people who were forgotten, left behind by a run that was killed; uploads that
    nobody recorded in ``DAYS_TO_RECORD``; contact persons of declined proposals. Counts of
    readings that no limit looks at any more go without being told.
    """

    files: int = 0
    uploads: int = 0
    contacts: int = 0


@transaction.atomic
def set_years(
    *, audience_code: str, years: int, asked: YearsRequest | None = None, by: User | None
) -> RetentionRule:
    """Say for how long people of an audience (empty: of none) keep their identity.

    ``asked`` is the confirmed request that it follows; without one no person does it. Raises
    ValueError for an audience that is not known or years out of range, Refusal for one person.
    """
    if by is not None and asked is None:
        raise Refusal("request.right")
    check_years(audience_code, years)
    before = {rule.code: rule.years for rule in retention_rules()}[audience_code]
    asker = asked.asked_by if asked else None
    rule, _made = RetentionRule.objects.update_or_create(
        audience_code=audience_code,
        defaults={"years": years, "changed_by": asker, "confirmed_by": by},
    )
    record(
        action="privacy.retention_changed",
        target=f"audience:{audience_code or '*'}",
        details={"before": before, "after": years} | ({"request": asked.uid} if asked else {}),
        by=by,
    )
    return rule


def check_years(audience_code: str, years: int) -> None:
    """Raise ValueError for an audience that is not known or years out of range."""
    if audience_code and not Audience.objects.filter(code=audience_code).exists():
        raise ValueError("no such audience")
    if not FEWEST_YEARS <= years <= MAX_YEARS:
        raise ValueError(f"years are from {FEWEST_YEARS} to {MAX_YEARS}")


@transaction.atomic
def erase(*, person: Person, cause: Cause, reference: str = "", by: User | None) -> Erasure:
    """Destroy who a person is; what was counted stays counted. There is no way back.

    The rosters in which the person stands are destroyed too, where we keep them. Raises
    NothingToEraseError when that was done before.
    """
    if not _forget_counted([person.pk], cause=cause, reference=reference, by=by)[0]:
        raise NothingToEraseError(person.uid)
    return Erasure.objects.get(person=person)


def forget_listed(
    request: RetentionRequest,
    *,
    progress: RetentionProgress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[int, int]:
    """Forget the people of an approved request, in short transactions; safe to run twice.

    Nobody else, and nobody whose time is not over any more. Call it in the scope of who asked.
    Returns how many were forgotten, and how many stored files went with them.
    """
    erased = files = 0
    for start in range(0, len(request.people), BATCH):
        if cancelled and cancelled():
            break
        batch = request.people[start : start + BATCH]
        cause = Cause(request.cause)
        with transaction.atomic():
            # Somebody may have taken another course since the list was approved.
            still = due() if cause is Cause.RETENTION else Person.objects.all()
            forgotten, destroyed = _forget_counted(
                list(still.filter(uid__in=batch).values_list("pk", flat=True)),
                cause=cause,
                reference=request.reference,
                request=request,
                by=request.requested_by,
            )
        erased, files = erased + forgotten, files + destroyed
        if progress:
            progress(min(start + BATCH, len(request.people)), len(request.people))
    return erased, files


def tidy(*, by: User | None) -> Tidied:
    """Put away what needs no decision: rests of those forgotten, uploads and contacts left over."""
    forget_old_readings()
    rest = _destroy(files_of(Erasure.objects.values_list("person_id", flat=True)))
    return Tidied(rest, _put_away_stale_uploads(by), erase_old_contacts(by=by))


def _put_away_stale_uploads(by: User | None) -> int:
    """Cancel uploads that were checked and then left lying: they are full of names."""
    stale = StagedImport.objects.filter(
        state__in=(StagedState.STAGED, StagedState.CHECKED, StagedState.FAILED),
        created_at__lt=timezone.now() - dt.timedelta(days=DAYS_TO_RECORD),
    )
    found = list(stale.select_related("job"))
    with everything("a file is kept while anybody's import needs it"):
        for staged in found:
            staging.cancel(staged, by=by)
    return len(found)


def _forget_counted(
    ids: list[int],
    *,
    cause: Cause,
    reference: str = "",
    request: RetentionRequest | None = None,
    by: User | None,
) -> tuple[int, int]:
    """Forget people who have an identity; return how many, and how many files went with them."""
    found = Person.objects.select_for_update(of=("self",)).filter(
        pk__in=ids, identity__isnull=False
    )
    people = list(found)
    if not people:
        return 0, 0
    digests = files_of(person.pk for person in people)
    end_those_about(person.pk for person in people)
    kept = sum(storage.path_of(digest).is_file() for digest in digests)
    destroy_identities([person.pk for person in people])
    Erasure.objects.filter(person__in=people).delete()  # a restored backup brought a name back
    now = timezone.now()
    Erasure.objects.bulk_create(
        Erasure(
            person=person,
            cause=cause,
            reference=clean(reference)[:60],
            files=kept,
            request=request,
            erased_by=by,
            erased_at=now,
        )
        for person in people
    )
    for person in people:
        record(
            action="privacy.person_erased",
            target=f"person:{person.uid}",
            details={"cause": cause.value, "files": kept}
            | ({"request": request.uid} if request else {}),
            by=by,
        )
    # After the commit: were it to fail, the rosters are still needed. A run that was killed
    # here is made good by the next one.
    transaction.on_commit(lambda: _destroy(digests))
    return len(people), kept


def _destroy(digests: Iterable[str]) -> int:
    return sum(1 for digest in digests if storage.destroy(digest))

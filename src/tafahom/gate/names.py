"""Names on pages: shown where work needs them, recorded by the page, slow for who walks."""

import time
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate

from tafahom.access.rules import Act
from tafahom.gate.permissions import account_of, allows
from tafahom.privacy.actions.readings import read_names
from tafahom.privacy.rules import is_register_open
from tafahom.training.models import Course, Enrolment

# Who opened the names of a course works with them for so long, and is not asked at each page.
OPEN_SECONDS = 3600
MAX_OPEN = 20
_OPENED = "names_opened"


def are_asked_for(request: HttpRequest) -> bool:
    """Whether the address asks to show a list that is closed."""
    return request.GET.get("names") == "show"


def are_shown(request: HttpRequest, course: Course) -> bool:
    """Whether a page of a course shows who its trainees are.

    It does to who keeps its register while that is open, and to anybody else who may see people
    once they ask for it, for an hour. What a course's page looks like does not depend on whether
    the course tells a status, or its look would.
    """
    before, after = settings.NAMES_DAYS
    is_open = is_register_open(
        course.starts_on, course.ends_on, on=localdate(), days_before=before, days_after=after
    )
    if is_open and allows(request, Act.RECORD_ATTENDANCE):
        return True
    opened: dict[str, int] = request.session.get(_OPENED, {})
    now = int(time.time())
    is_asked = are_asked_for(request) or request.method == "POST"
    if not is_asked and now - opened.get(course.uid, 0) >= OPEN_SECONDS:
        return False
    if now - opened.get(course.uid, 0) >= OPEN_SECONDS // 6:
        latest = sorted(opened, key=opened.__getitem__, reverse=True)[: MAX_OPEN - 1]
        request.session[_OPENED] = {uid: opened[uid] for uid in latest} | {course.uid: now}
    return True


def read(
    request: HttpRequest,
    person_ids: Iterable[int],
    *,
    where: str,
    what: str = "names",
    fields: Sequence[str] = ("names",),
    reason: str = "",
) -> bool:
    """Record that who asks reads the names of these people, all that a page shows, in one entry.

    ``where`` is the page and the record that it is of. Returns whether there was anything to
    record (``privacy.actions.readings.read_names``). Raises SlowDownError where
    the page has to wait: call it before anything is shown.
    """
    return read_names(
        person_ids=set(person_ids),
        where=where,
        what=what,
        fields=fields,
        reason=reason,
        by=account_of(request),
    )


def with_audience(request: HttpRequest, enrolments: Sequence[Enrolment]) -> tuple[str, ...]:
    """Return the fields that a page of these enrolments shows, in the audit's words.

    The audience of all of them is shown or of none: hiding some would point at those. It counts
    as read where one is sensitive; the enrolments come with their audience.
    """
    is_told = any(row.audience and row.audience.is_sensitive for row in enrolments)
    if is_told and allows(request, Act.SEE_SENSITIVE):
        return ("names", "audience")
    return ("names",)

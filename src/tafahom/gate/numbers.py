"""Numbers of people that are no figures, beside a course or a partner: not for everybody.

Figures guard themselves (``Scope.sees_statuses``). A page that counts enrolments past them would
undo that: from the exact totals and the numbers of all other courses one learns how many people
were in those of prisoners, refugees …. So to who may not see statuses no course's number is shown,
whosever course it is, unless they may see its people anyway or see nothing that tells of people.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest

from tafahom.access.rules import Act
from tafahom.agreements.models import Agreement
from tafahom.agreements.queries import revealing_agreements
from tafahom.gate.permissions import allows, seen_by
from tafahom.parties.models import Centre
from tafahom.parties.queries import revealing_centres, sees_revealing_partner
from tafahom.scoping import current_scope
from tafahom.training.models import Course

# What tells of people besides partners, cheapest first.
_REVEALING: Sequence[tuple[Callable[[], frozenset[int]], type[Model]]] = (
    (revealing_agreements, Agreement),
    (revealing_centres, Centre),
)


def hides_numbers(request: HttpRequest) -> bool:
    """Whether numbers of people are hidden from who asks, wherever the page looks now."""
    return _is_guarded() and not allows(request, Act.SEE_PEOPLE)


def hidden_courses(request: HttpRequest, courses: Iterable[Course]) -> frozenset[int]:
    """Return those of some courses whose number of people is hidden from who asks, by id."""
    if not _is_guarded():
        return frozenset()
    ids = {course.pk for course in courses}
    with seen_by(request, Act.SEE_PEOPLE):
        seen = Course.objects.filter(pk__in=ids).order_by().values_list("pk", flat=True)
        return frozenset(ids.difference(seen))


def _is_guarded() -> bool:
    return not current_scope().sees_statuses and _holds_what_reveals()


def _holds_what_reveals() -> bool:
    """Whether the present scope holds a partner, agreement or centre that tells of people."""
    if sees_revealing_partner():
        return True
    for revealing, model in _REVEALING:
        rows: Any = model._default_manager
        found = revealing()
        if found and not found.isdisjoint(rows.order_by().values_list("pk", flat=True)):
            return True
    return False

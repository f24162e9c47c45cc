"""The present scope in the facts' own keys."""

from typing import TypeAlias

from tafahom.agreements.models import Agreement
from tafahom.scoping import current_scope
from tafahom.training.models import Course

Within: TypeAlias = tuple[tuple[str, tuple[int, ...]], ...]


def within() -> Within | None:
    """Return columns of facts with the ids that may be seen, each widening the others.

    None when everything may be seen. Raises UnscopedQueryError outside any scope.
    """
    scope = current_scope()
    if scope.is_everything:
        return None
    agreements = Agreement.objects.filter(uid__in=scope.agreements)
    courses = Course.objects.filter(uid__in=scope.courses)
    ids = {
        "province": scope.provinces,
        "centre": scope.centres,
        "partner": scope.partners,
        "agreement": agreements.values_list("pk", flat=True) if scope.agreements else (),
        "course": courses.values_list("pk", flat=True) if scope.courses else (),
    }
    return tuple((column, tuple(sorted(found))) for column, found in ids.items() if found)


def holds_whole_agreements() -> bool:
    """Whether what is seen of an agreement is all of it, so that its promise can be set beside."""
    scope = current_scope()
    return scope.is_everything or not (scope.centres or scope.courses)

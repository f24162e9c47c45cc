"""The present scope in the facts' own keys."""

from typing import TypeAlias

from django.db.models import Q

from tafahom.agreements.models import Agreement, Level
from tafahom.scoping import current_scope, everything
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


def cut_nations(path: str) -> Q:
    """Return the condition of national agreements, at a path, of which only a part is looked at.

    Who sees some of the provinces, while others have agreements too, does not look at the nation:
    what no province carries of a national commitment is none of theirs. Who sees all that a
    partner signs, or the national agreement itself, does.
    """
    scope = current_scope()
    if not _sees_a_part_of_the_nation():
        return Q(pk__in=[])
    seen = Q(**{f"{path}__partner__in": scope.partners}) | Q(
        **{f"{path}__uid__in": scope.agreements}
    )
    return Q(**{f"{path}__level": Level.NATIONAL}) & ~seen


def cuts_nation(agreement: Agreement) -> bool:
    """Whether an agreement is one of those of ``cut_nations``."""
    scope = current_scope()
    is_seen = agreement.partner_id in scope.partners or agreement.uid in scope.agreements
    return agreement.level == Level.NATIONAL and not is_seen and _sees_a_part_of_the_nation()


def _sees_a_part_of_the_nation() -> bool:
    scope = current_scope()
    if scope.is_everything or not scope.provinces:
        return False
    with everything("whether there are agreements beyond the provinces that one sees"):
        return Agreement.objects.exclude(province__in=scope.provinces).exists()

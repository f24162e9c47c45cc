"""For what a role is, or would be: the name of its centre, agreement, course and so on."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tafahom.access.models import OfAPart
from tafahom.access.rules import Part
from tafahom.agreements.models import Agreement
from tafahom.training.models import Course

Held = TypeVar("Held", bound=OfAPart)


def with_places(held: Sequence[Held]) -> list[tuple[Held, str]]:
    """Return each with the name of its part; an empty one for the whole installation."""
    names = _names(held)
    return [(one, _place(one, names)) for one in held]


def _names(held: Iterable[OfAPart]) -> dict[str, str]:
    """Return numbers of agreements and titles of courses by external id."""
    agreements = {one.agreement_uid for one in held} - {""}
    courses = {one.course_uid for one in held} - {""}
    found: dict[str, str] = {}
    if agreements:
        found |= dict(Agreement.objects.filter(uid__in=agreements).values_list("uid", "number"))
    if courses:
        found |= dict(Course.objects.filter(uid__in=courses).values_list("uid", "title"))
    return found


def _place(held: OfAPart, names: dict[str, str]) -> str:
    part = held.part
    if part is None:
        return ""
    if part in (Part.AGREEMENT, Part.COURSE):
        uid = held.agreement_uid or held.course_uid
        return names.get(uid, uid)
    return str(held.of)

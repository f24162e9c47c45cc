"""For what a role is, or would be: the name of its centre, agreement, course and so on."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from tafahom.access.models import OfAPart
from tafahom.access.rules import Part
from tafahom.agreements.queries import agreement_numbers
from tafahom.training.courses.queries import course_titles

Held = TypeVar("Held", bound=OfAPart)


def with_places(held: Sequence[Held]) -> list[tuple[Held, str]]:
    """Return each with the name of its part; an empty one for the whole installation."""
    names = _names(held)
    return [(one, _place(one, names)) for one in held]


def _names(held: Iterable[OfAPart]) -> dict[str, str]:
    """Return numbers of agreements and titles of courses by external id."""
    agreements = {one.agreement_uid for one in held} - {""}
    courses = {one.course_uid for one in held} - {""}
    found = agreement_numbers(agreements) if agreements else {}
    return found | (course_titles(courses) if courses else {})


def _place(held: OfAPart, names: dict[str, str]) -> str:
    part = held.part
    if part is None:
        return ""
    if part in (Part.AGREEMENT, Part.COURSE):
        uid = held.agreement_uid or held.course_uid
        return names.get(uid, uid)
    return str(held.of)

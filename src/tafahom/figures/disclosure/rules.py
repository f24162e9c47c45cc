"""When a figure of people whose slice reveals a status may be shown: arithmetic without a database.

The words: a *slice* is a group of enrolments that a figure counts. It *reveals* a status when being
in it says that somebody is or was a prisoner, a refugee, a welfare client: by its partner, its
agreement, its centre or its centre type. The rules follow Hundepool et al., "Statistical Disclosure
Control" (2012), chapter 4: a least number of people, the share of one of them, and the share of the
slice in what is known of everybody.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

# Fewer people than this are not shown in a slice that reveals a status.
MIN_PERSONS = 10
# One person's part of the hours, from which on the hours of the slice tell those of the person.
MAX_PERSON_SHARE = 0.5
# Part of everybody in a county (or of an age …), from which on what is known of everybody there is
# known of the people of the slice.
MAX_GROUP_SHARE = 0.9
# A kind, level or centre reveals a status when this part of its people come by what reveals one.
REVEALING_SHARE = 0.9


def is_few(persons: int) -> bool:
    """Whether so many people are too few to be shown: none are not."""
    return 0 < persons < MIN_PERSONS


def is_dominated(minutes: Collection[int]) -> bool:
    """Whether one person has most of the hours; ``minutes`` are those of each person."""
    return bool(minutes) and max(minutes) > MAX_PERSON_SHARE * sum(minutes)


def is_nearly_all(part: int, whole: int) -> bool:
    """Whether a slice is nearly all that its margin, known to everybody, counts.

    Or all but a few: of each small group that is known of everybody there (of an education, an
    age …), some are then certainly of the slice.
    """
    return part > MAX_GROUP_SHARE * whole or (part > 0 and whole - part < MIN_PERSONS)


def shown_months(
    months: Sequence[int], points: Callable[[int, int], bool], *, fixed: Mapping[int, bool]
) -> list[int]:
    """Return the months through which the cumulative figures of a slice may be shown.

    ``points`` says whether the figures of the months after one through another would point at
    people. Two figures that are shown tell their difference, so that may not either. ``fixed``
    says what was decided before of a month; of the others the latest comes first: the whole year
    matters most. What points at people now is not shown, whatever was decided.
    """
    barred = {month for month in months if points(0, month)}
    shown = {month for month, is_shown in fixed.items() if is_shown} - barred
    for month in sorted(set(months) - set(fixed) - barred, reverse=True):
        before = max((one for one in shown if one < month), default=0)
        after = min((one for one in shown if one > month), default=None)
        tells = before > 0 and points(before, month)
        if not tells and not (after and points(month, after)):
            shown.add(month)
    return sorted(shown)

"""Each measure, once, as an Ibis expression over the table of facts.

Importing this module imports Ibis (a third of a second): only ``figures.engine`` does.
"""

from collections.abc import Callable

import ibis.expr.types as ir

# Basis of person-hours to the column that holds its minutes.
MINUTES = {
    "attended": "attended_minutes",
    "planned": "planned_minutes",
    "standard": "standard_minutes",
}


def _distinct(column: str) -> Callable[[ir.Table, str], ir.Value]:
    return lambda facts, basis: facts[column].nunique()


def _sum(column: str) -> Callable[[ir.Table, str], ir.Value]:
    return lambda facts, basis: facts[column].sum().cast("int64")


# Name of the measure to its expression, given the facts of a slice and the basis of hours.
# ``person_minutes`` becomes person-hours outside: integers until the last step.
EXPRESSIONS: dict[str, Callable[[ir.Table, str], ir.Value]] = {
    # A person with no credited minute was enrolled, not trained.
    "persons": lambda facts, basis: facts.person.nunique(where=facts.attended_minutes > 0),
    "person_courses": _sum("weight"),
    "person_minutes": lambda facts, basis: facts[MINUTES[basis]].sum().cast("int64"),
    "courses": _distinct("course"),
    "standards": _distinct("standard"),
    "partners": _distinct("partner"),
    "agreements": _distinct("agreement"),
    "centres": _distinct("centre"),
    "sat": _sum("sat"),
    "passed": _sum("passed"),
    "certified": _sum("certified"),
    "enrolled_persons": _distinct("person"),
}

"""What of a closed month must stay as it was, and watching that it does."""

import json
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.db.models import F, Q

from tafahom.agreements.models import Agreement
from tafahom.credentials.models import Certificate
from tafahom.figures import warehouse
from tafahom.figures.closed_months import compare, month_figures
from tafahom.figures.facts import month_table
from tafahom.figures.kept import Promises
from tafahom.figures.members import Slices
from tafahom.figures.registry import read_registry
from tafahom.jalali import MonthSpan, split_month
from tafahom.periods.queries import settled_months
from tafahom.scoping import Scope, scoped_to
from tafahom.training.models import Attendance, Course, CourseSession, Enrolment

MODELS: dict[str, Any] = {
    "course": Course,
    "session": CourseSession,
    "enrolment": Enrolment,
    "attendance": Attendance,
    "certificate": Certificate,
}
# How the rows of a month are found: by the end of the course, or by the day of the session.
COURSE = {
    "course": "",
    "session": "course__",
    "enrolment": "course__",
    "attendance": "enrolment__course__",
    "certificate": "enrolment__course__",
}
HELD = {"session": "month", "attendance": "session__month"}


def rows_of(month: int, *provinces: int) -> dict[str, list[Any]]:
    """Everything of a month in provinces, column by column."""
    found = {}
    for name, model in MODELS.items():
        of_month = Q(**{f"{COURSE[name]}end_month": month})
        if name in HELD:
            # Marks of a session of another course, which no page makes, are the course's only.
            own = {} if name == "session" else {"session__course": F("enrolment__course")}
            of_month |= Q(**{HELD[name]: month}, **own)
        within = {f"{COURSE[name]}centre__province_id__in": provinces}
        rows = model.objects.filter(of_month, **within)
        found[name] = list(rows.order_by("pk").values_list())
    return found


def facts_of(month: int, *provinces: int) -> list[dict[str, Any]]:
    """The facts of a month's courses in provinces, from the database as it is."""
    facts = month_table(month, read_registry()).to_pylist()
    return [one for one in facts if one["province"] in provinces]


def promises_of(month: int, *provinces: int) -> list[Any]:
    """What figures of each province through a month compare with, by agreement.

    With each agreement stands what else promises are grouped by.
    """
    year, number = split_month(month)
    found: list[Any] = []
    for province in provinces:
        with scoped_to(Scope(provinces=frozenset({province}))):
            promises = Promises.of(MonthSpan(year, number, number), Slices({})).by("agreement")
            agreements = Agreement.objects.filter(pk__in=[pk for (pk,) in promises]).order_by("pk")
            groups = agreements.values_list("pk", "partner", "level", "partner__kind")
            found.append((promises, list(groups)))
    return found


def seal_of(month: int, *provinces: int) -> Any:
    """Return the rows, facts and promises of a month."""
    return rows_of(month, *provinces), facts_of(month, *provinces), promises_of(month, *provinces)


def tables() -> dict[str, str]:
    """Return the figures of each closed month by everything, with facts built from nothing."""
    warehouse.rebuild()
    return {
        f"{period.province.code}/{period.month}": json.dumps(
            sorted((group, sorted(values.items())) for group, values in figures.groups.items())
        )
        for period in settled_months()
        for figures in [month_figures(period)]
    }


def moved() -> list[Any]:
    """Return what differs between closed months and the tables kept of them."""
    return [
        (one.title, one.moved, one.is_whole)
        for one in map(compare, settled_months())
        if one.has_moved or one.table is None
    ]


# What every request may write: it moves no figure.
PASSING = ("django_session", "audit_")


class Watch:
    """Has things done and looks at a closed month of provinces after each that wrote."""

    def __init__(self, month: int, *provinces: int) -> None:
        # PostgreSQL puts up no trigger while rows of this transaction wait to be checked.
        connection.check_constraints()
        self._look = lambda: seal_of(month, *provinces)
        self._seal = self._look()
        self.wrote: set[str] = set()
        self.wrong: list[str] = []

    def over(self, name: str, what: object, do: Callable[[], Any]) -> Any:
        """Do something, written down under a name. None where it failed, which is wrong too."""
        writes: list[str] = []
        try:
            with connection.execute_wrapper(_noting(writes)):
                done = do()
            connection.check_constraints()  # as a commit does
        except Exception as error:  # whatever it is, no refusal was said
            self.wrong.append(f"{what}: {error!r}")
            return None
        if writes:
            self.wrote.add(name)
            if self._look() != self._seal:
                self.wrong.append(f"{what}: moved")
        return done


def _noting(writes: list[str]) -> Callable[..., Any]:
    """Return what notes the statements that write; reading is most of what pages do."""

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        is_write = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH", "COPY"))
        if is_write and not any(f'"{table}' in sql.partition("(")[0] for table in PASSING):
            writes.append(sql)
        return execute(sql, params, many, context)

    return wrapper

"""Closed months and their reopenings beside what the audit says of them.

The database refuses to change a closing, and to approve one's own reopening; but who may add rows
may add one that says that two persons did it. Only the audit has their acts.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from tafahom.audit.models import Entry
from tafahom.periods.models import MonthTable, Period, PeriodState, Reopening
from tafahom.periods.queries import settled_months

# Row and entry are written in one transaction; between their moments lies no more than this.
SAME_TIME: Final = dt.timedelta(minutes=5)
_CLOSED: Final = ("periods.closed", "periods.closed_again")
_ACTS: Final = (*_CLOSED, "periods.begun", "periods.left", "periods.asked", "periods.approved",
                "periods.table_written")  # fmt: skip


class RecordedActs:
    """What the audit says of months; read once."""

    def __init__(self) -> None:
        self._by_month: dict[str, list[Entry]] = defaultdict(list)
        for entry in Entry.objects.filter(action__in=_ACTS).order_by("id"):
            self._by_month[entry.target].append(entry)

    def unexplained_reopenings(self) -> Iterator[Reopening]:
        """Yield reopenings that were not asked for and approved by whom they name."""
        for one in Reopening.objects.select_related("period__province").order_by("pk"):
            acts: list[tuple[str, int | None, dt.datetime]] = [
                ("periods.asked", one.asked_by_id, one.asked_at)
            ]
            if one.approved_at:
                acts.append(("periods.approved", one.approved_by_id, one.approved_at))
            if not all(self._take(one.period, *act) for act in acts):
                yield one

    def unexplained_months(self) -> Iterator[Period]:
        """Yield months that are closed and were not, or that were closed and are not."""
        for period in Period.objects.select_related("province").order_by("pk"):
            was_closed = any(one.action in _CLOSED for one in self._of(period))
            if was_closed is not (period.state == PeriodState.CLOSED):
                yield period

    def figures_at_closing(self) -> Iterator[tuple[Period, dict[str, Any]]]:
        """Yield closed months, not being corrected, with the figures that their closing recorded."""
        for period in settled_months():
            last = [one for one in self._of(period) if one.action in _CLOSED][-1:]
            if last and last[0].details.get("figures"):
                yield period, last[0].details["figures"]

    def unexplained_tables(self) -> Iterator[MonthTable]:
        """Yield tables of figures that are not those whose writing was recorded."""
        for table in MonthTable.objects.select_related("period__province").order_by("pk"):
            known = {"version": table.version, "digest": table.digest}
            if not any(one.details == known for one in self._of(table.period)):
                yield table

    def _of(self, period: Period) -> list[Entry]:
        return self._by_month[f"period:{period.province.code}/{period.month}"]

    def _take(self, period: Period, action: str, by: int | None, at: dt.datetime) -> bool:
        """Whether somebody did it; an act stands for one row."""
        acts = self._of(period)
        for one in acts:
            if one.action == action and one.by_id == by and abs(one.at - at) <= SAME_TIME:
                acts.remove(one)
                return True
        return False

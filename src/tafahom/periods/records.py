"""What closed months are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from tafahom.audit.acts import describe_acts
from tafahom.jalali import MonthSpan
from tafahom.localised import period_title
from tafahom.parties.queries import province_names
from tafahom.periods.models import Adjustment, MonthTable, MonthTableRow, PeriodStep
from tafahom.records import RecordKind, register
from tafahom.scoping.rights import only_added_to

ACTS: Final = {
    "periods.": _("worked on a closed month"),
    "periods.approved": _("approved that a closed month is reopened"),
    "periods.asked": _("asked to reopen a closed month"),
    "periods.begun": _("began to close a month"),
    "periods.closed": _("closed a month"),
    "periods.closed_again": _("closed a reopened month again"),
    "periods.declined": _("declined to reopen a closed month"),
    "periods.figures_moved": _("figures of a closed month are not those of its closing"),
    "periods.left": _("left a month open"),
    "periods.table_written": _("kept the figures of a closed month"),
}


def register_records() -> None:
    """Make the months of provinces known."""
    register(RecordKind(name="period", names=_months))
    only_added_to(PeriodStep, Adjustment, MonthTable, MonthTableRow)
    describe_acts(ACTS)


def _months(keys: set[str]) -> dict[str, str]:
    """Return titles by province and month ("alborz/140305")."""
    provinces = province_names()
    found = {}
    for key in keys:
        code, _slash, month = key.rpartition("/")
        if code in provinces and month.isdecimal():
            year, number = divmod(int(month), 100)
            found[key] = f"{period_title(MonthSpan(year, number, number))} · {provinces[code]}"
    return found

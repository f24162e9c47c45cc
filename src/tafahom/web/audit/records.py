"""The records that acts were done to, by name, with the address of their pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafahom.access.accounts.queries import account_names
from tafahom.agreements.intake.queries import proposal_names
from tafahom.agreements.queries import agreement_names
from tafahom.agreements.texts.queries import template_names
from tafahom.jalali import MonthSpan
from tafahom.localised import number, period_title
from tafahom.parties.queries import audience_names, partner_names, province_names
from tafahom.privacy.queries import export_titles, people_by_request
from tafahom.training.courses.queries import course_titles
from tafahom.training.registries.queries import load_names
from tafahom.training.rosters.queries import import_names

Names = dict[str, str]


@dataclass(frozen=True, slots=True)
class NamedTarget:
    """What a record is called, and where its page is; no address where it has none."""

    name: str
    address: str


def named(targets: Iterable[str]) -> dict[str, NamedTarget]:
    """Return the records of targets ("course:…") that are still there, one query for each kind."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        kind, _colon, key = target.partition(":")
        by_kind[kind].add(key)
    return {
        f"{kind}:{key}": NamedTarget(name, _address(kind, key))
        for kind, keys in by_kind.items()
        if kind in _READERS
        for key, name in _READERS[kind](keys).items()
    }


def _retention_requests(uids: set[str]) -> Names:
    """No names of people: how many they are."""
    return {
        uid: ngettext("{n} person", "{n} persons", count).format(n=number(count))
        for uid, count in people_by_request(uids).items()
    }


def _people(uids: set[str]) -> Names:
    """No name: who it is stands on the person's page, for who may see that."""
    return {uid: _("Person") for uid in uids}


def _users(keys: set[str]) -> Names:
    found = account_names([int(key) for key in keys if key.isdecimal()])
    return {str(pk): name for pk, name in found.items()}


def _periods(keys: set[str]) -> Names:
    provinces = province_names()
    found = {}
    for key in keys:
        code, _slash, month = key.rpartition("/")
        if code in provinces and month.isdecimal():
            year, number = divmod(int(month), 100)
            found[key] = f"{period_title(MonthSpan(year, number, number))} · {provinces[code]}"
    return found


_READERS: dict[str, Callable[[set[str]], Names]] = {
    "agreement": agreement_names,
    "audience": audience_names,
    "course": course_titles,
    "export": export_titles,
    "partner": partner_names,
    "period": _periods,
    "load": load_names,
    "proposal": proposal_names,
    "retention_request": _retention_requests,
    "person": _people,
    "roster_import": import_names,
    "template": template_names,
    "user": _users,
}
_PAGES = {
    "agreement": "web:agreement_detail",
    "course": "web:course_detail",
    "export": "web:export_detail",
    "partner": "web:partner_detail",
    "person": "web:person_detail",
    "proposal": "web:proposal_detail",
    "retention_request": "web:retention_request",
}


def _address(kind: str, key: str) -> str:
    if kind == "period":
        return reverse("web:period_detail", args=key.split("/"))
    return reverse(_PAGES[kind], args=[key]) if kind in _PAGES else ""

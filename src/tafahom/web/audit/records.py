"""The records that acts were done to, by name, with the address of their pages."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafahom.access.models import User
from tafahom.agreements.models import Agreement, AgreementTemplate, Proposal
from tafahom.jalali import MonthSpan
from tafahom.parties.models import Audience, Partner, Province
from tafahom.privacy.models import DataExport, RetentionRequest
from tafahom.reports.words import number, period_title
from tafahom.training.models import Course, RegistryLoad, RosterImport

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


def _agreements(uids: set[str]) -> Names:
    rows = Agreement.objects.filter(uid__in=uids).select_related("partner")
    return {row.uid: f"{row.number} · {row.partner.name}" for row in rows}


def _courses(uids: set[str]) -> Names:
    return dict(Course.objects.filter(uid__in=uids).values_list("uid", "title"))


def _partners(uids: set[str]) -> Names:
    return dict(Partner.objects.filter(uid__in=uids).values_list("uid", "name"))


def _proposals(uids: set[str]) -> Names:
    return dict(Proposal.objects.filter(uid__in=uids).values_list("uid", "organisation"))


def _templates(uids: set[str]) -> Names:
    return dict(AgreementTemplate.objects.filter(uid__in=uids).values_list("uid", "name"))


def _imports(uids: set[str]) -> Names:
    return dict(RosterImport.objects.filter(uid__in=uids).values_list("uid", "file_name"))


def _exports(uids: set[str]) -> Names:
    return dict(DataExport.objects.filter(uid__in=uids).values_list("uid", "title"))


def _loads(uids: set[str]) -> Names:
    return dict(RegistryLoad.objects.filter(uid__in=uids).values_list("uid", "file_name"))


def _retention_requests(uids: set[str]) -> Names:
    """No names of people: how many they are."""
    found = RetentionRequest.objects.filter(uid__in=uids)
    return {
        row.uid: ngettext("{n} person", "{n} persons", len(row.people)).format(
            n=number(len(row.people))
        )
        for row in found
    }


def _audiences(codes: set[str]) -> Names:
    return dict(Audience.objects.filter(code__in=codes).values_list("code", "name"))


def _people(uids: set[str]) -> Names:
    """No name: who it is stands on the person's page, for who may see that."""
    return {uid: _("Person") for uid in uids}


def _users(keys: set[str]) -> Names:
    ids = [int(key) for key in keys if key.isdecimal()]
    return {
        str(row.pk): row.get_full_name() or row.username
        for row in User.objects.in_bulk(ids).values()
    }


def _periods(keys: set[str]) -> Names:
    provinces = dict(Province.objects.values_list("code", "name"))
    found = {}
    for key in keys:
        code, _slash, month = key.rpartition("/")
        if code in provinces and month.isdecimal():
            year, number = divmod(int(month), 100)
            found[key] = f"{period_title(MonthSpan(year, number, number))} · {provinces[code]}"
    return found


_READERS: dict[str, Callable[[set[str]], Names]] = {
    "agreement": _agreements,
    "audience": _audiences,
    "course": _courses,
    "export": _exports,
    "partner": _partners,
    "period": _periods,
    "load": _loads,
    "proposal": _proposals,
    "retention_request": _retention_requests,
    "person": _people,
    "roster_import": _imports,
    "template": _templates,
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

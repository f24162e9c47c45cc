"""What files of personal data and requests to forget people are to the rest of the house."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tafahom.audit.acts import describe_acts
from tafahom.localised import number
from tafahom.privacy.queries import export_titles, people_by_request
from tafahom.records import RecordKind, register

ACTS: Final = {
    "privacy.": _("worked on personal data"),
    "privacy.export_": _("worked on a file of personal data"),
    "privacy.person_erased": _("forgot a person"),
    "privacy.reading_alarm": _("asked for many names: an alarm was raised"),
    "privacy.reading_alarm_answered": _("answered an alarm about many names"),
    "privacy.retention_approved": _("approved that people are forgotten"),
    "privacy.retention_asked": _("asked that people are forgotten"),
    "privacy.retention_changed": _("changed how long names are kept"),
    "privacy.retention_declined": _("declined to have people forgotten"),
    "privacy.retention_done": _("forgot the people of an approved request"),
    "privacy.retention_expired": _("a request to forget people ended undecided"),
    "privacy.retention_failed": _("could not finish forgetting the people of a request"),
    "privacy.retention_stopped": _("stopped forgetting the people of a request"),
    "privacy.retention_withdrawn": _("took back a request to forget people"),
    "privacy.years_asked": _("asked for other years of keeping names"),
    "privacy.years_confirmed": _("confirmed other years of keeping names"),
    "privacy.years_lapsed": _("nobody confirmed other years in time"),
    "privacy.years_refused": _("refused other years of keeping names"),
    "privacy.years_withdrawn": _("took back a request for other years"),
    "read.": _("read sensitive data"),
    "read.audience": _("saw why somebody is in a course"),
    "read.names": _("saw names beside what tells why people are there"),
    "read.person.shown": _("saw who a person is"),
    "read.privacy.export": _("took personal data as a file"),
}


def register_records() -> None:
    """Make files of personal data and requests to forget people known."""
    register(RecordKind(name="export", names=export_titles))
    register(RecordKind(name="retention_request", names=_retention_requests))
    describe_acts(ACTS)


def _retention_requests(uids: set[str]) -> dict[str, str]:
    """Return no names of people: how many they are."""
    return {
        uid: ngettext("{n} person", "{n} persons", count).format(n=number(count))
        for uid, count in people_by_request(uids).items()
    }

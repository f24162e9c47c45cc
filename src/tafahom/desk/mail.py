"""The work list as an e-mail: plain text and HTML, in the language of who reads it."""

import datetime as dt
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tafahom.desk.matters import Need
from tafahom.desk.models import Digest
from tafahom.desk.needs import work_list
from tafahom.desk.rules import LONGEST_GROUP
from tafahom.localised import day as day_in_words
from tafahom.localised import is_persian, number
from tafahom.records.pages import address


def compose(digest: Digest, *, today: dt.date) -> EmailMultiAlternatives | None:
    """Return the e-mail of a day; None when nothing needs who it is for."""
    with translation.override(digest.language):
        found = work_list(digest.user)
        return _message(digest, found, today) if found else None


def whole_address(path: str) -> str:
    """Return the whole address of a page; empty where the installation does not know its own."""
    return urljoin(settings.ADDRESS, path) if settings.ADDRESS and path else ""


def _message(digest: Digest, found: list[Need], today: dt.date) -> EmailMultiAlternatives:
    count = len(found)
    said = ngettext(
        "{n} matter of agreements needs you", "{n} matters of agreements need you", count
    )
    said = said.format(n=number(count))
    context = {
        "title": said,
        "day": day_in_words(today),
        "groups": _groups(found),
        "list_page": whole_address(address("work_list")),
        "reminders_page": whole_address(address("reminders")),
        "is_rtl": is_persian(),
    }
    text = render_to_string("desk/digest.txt", context)
    subject = _("Tafahom: {what}, {day}").format(what=said, day=day_in_words(today))
    headers = {"Auto-Submitted": "auto-generated"}
    if context["reminders_page"]:
        headers["List-Unsubscribe"] = f"<{context['reminders_page']}>"
    message = EmailMultiAlternatives(subject, text, to=[digest.email], headers=headers)
    message.attach_alternative(render_to_string("desk/digest.html", context), "text/html")
    return message


def _groups(found: list[Need]) -> list[dict[str, object]]:
    """Return the needs by kind, the most urgent kinds first; of each the most urgent needs."""
    by_kind: dict[str, list[Need]] = {}
    for need in found:
        by_kind.setdefault(need.kind, []).append(need)
    return [
        {
            "label": needs[0].label,
            "needs": [(need, whole_address(need.address)) for need in needs[:LONGEST_GROUP]],
            "more": len(needs) - LONGEST_GROUP if len(needs) > LONGEST_GROUP else 0,
            "more_shown": number(len(needs) - LONGEST_GROUP),
        }
        for needs in by_kind.values()
    ]

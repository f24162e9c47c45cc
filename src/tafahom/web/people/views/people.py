"""The register of people: found by name through the address, by number never through it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.audit import actions as audit
from tafahom.gate import names
from tafahom.gate.limits import Limit, limited
from tafahom.gate.permissions import account_of, allows, requires
from tafahom.people.models import Person
from tafahom.people.queries import PersonMatch, count_people, search_people
from tafahom.persian import to_ascii_digits
from tafahom.privacy.queries import person_record
from tafahom.training.courses.queries import courses_by_person
from tafahom.web.people import looks
from tafahom.web.people.forms import ShowForm
from tafahom.web.shell import lists

# More digits than this in a search are a number of a person, which no address may hold.
MAX_DIGITS_IN_ADDRESS = 5
SHOWN = ("national_id", "fida_code", "father_name", "birth_date", "mobile")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """People who were looked for, each with the number of courses; ``count`` is of all.

    Without ``shows_names`` nobody is listed.
    """

    listing: lists.Listing[PersonMatch]
    rows: list[tuple[PersonMatch, int]]
    shows_names: bool
    count: int


@require_GET
@requires(Act.SEE_PEOPLE)
def people(request: HttpRequest) -> HttpResponse:
    """List people whose name holds the words of ``q``, in Persian order; all of them if asked."""
    text = request.GET.get("q", "")[:200]
    if _digits(text) > MAX_DIGITS_IN_ADDRESS:
        return redirect("web:people")
    shows_names = bool(text.strip()) or names.are_asked_for(request)
    page = lists.paginate(request, search_people(text) if shows_names else [])
    ids = [match.person_id for match in page.rows]
    names.read(request, ids, where="people")
    counts = courses_by_person(ids)
    rows = [(match, counts.get(match.person_id, 0)) for match in page.rows]
    count = page.count if shows_names else count_people()
    return lists.answer(request, "people", PeoplePage(page, rows, shows_names, count))


@require_POST
@requires(Act.SEE_PEOPLE)
@limited("people", [Limit(120, 3600, lambda request: str(request.user.pk))])
def people_search(request: HttpRequest) -> HttpResponse:
    """Take the search box: a number leads to its person, a name to the list of its bearers."""
    text = request.POST.get("q", "")[:200].strip()
    if not _digits(text):
        return redirect(
            f"{reverse('web:people')}?{urlencode({'q': text})}" if text else "web:people"
        )
    found = search_people("".join(sign for sign in to_ascii_digits(text) if sign.isdigit()))
    audit.record(action="people.looked_up", details={"found": len(found)}, by=request.user)  # type: ignore[arg-type]  # logged in
    if len(found) == 1:
        return redirect("web:person_detail", uid=found[0].uid)
    messages.warning(request, _("Nobody has this number. Check its ten digits."))
    return redirect("web:people")


@require_GET
@requires(Act.SEE_PEOPLE)
def person_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a person, masked, and the courses taken; the look is written to the audit trail."""
    return person_page(request, get_object_or_404(Person, uid=uid))


def person_page(
    request: HttpRequest,
    person: Person,
    *,
    form: ShowForm | None = None,
    reason: str = "",
) -> HttpResponse:
    """Answer with the page of a person; with a ``reason``, who it is is shown in clear.

    The look is one entry of the audit, which says what was read where that tells a status.
    """
    record, is_shown = person_record(person), bool(reason)
    fields = names.with_audience(request, record.enrolments)
    is_recorded = names.read(
        request,
        [person.pk],
        where=f"person:{person.uid}",
        what="person.shown" if is_shown else fields[-1],
        fields=[*fields, *SHOWN] if is_shown else fields,
        reason=reason,
    )
    if not is_recorded:
        audit.record(action="people.seen", target=f"person:{person.uid}", by=account_of(request))
    may_see_readings = allows(request, Act.SEE_READINGS)
    context = {
        "person": person,
        "identity": record.identity,
        "erasure": record.erasure,
        "enrolments": record.enrolments,
        "may_see_sensitive": allows(request, Act.SEE_SENSITIVE),
        "may_see_identity": allows(request, Act.SEE_IDENTITY),
        "may_forget": allows(request, Act.MANAGE_RETENTION),
        "may_see_readings": may_see_readings,
        "looks": looks.lately(person) if may_see_readings else [],
        "is_shown": is_shown,
        "form": form or ShowForm(),
    }
    status = 422 if form else 200
    return render(request, "people/person.html", context, status=status)


def _digits(text: str) -> int:
    return sum(sign.isdigit() for sign in to_ascii_digits(text))

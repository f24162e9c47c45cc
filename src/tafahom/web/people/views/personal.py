"""Who somebody is, shown for a reason; who looked; forgetting somebody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tafahom.access.rules import Act
from tafahom.audit.queries import readings_of
from tafahom.gate import names
from tafahom.gate.limits import Limit, limited
from tafahom.gate.permissions import account_of, requires
from tafahom.people.models import Person
from tafahom.people.queries import identities_of
from tafahom.privacy.actions.retention import NothingToEraseError, erase
from tafahom.privacy.models import Cause
from tafahom.privacy.queries import files_of, taken_elsewhere
from tafahom.web.people import looks
from tafahom.web.people.forms import ForgetForm, ShowForm
from tafahom.web.people.views.people import person_page
from tafahom.web.shell import lists


def account(request: HttpRequest) -> str:
    """Return by whom attempts are counted."""
    return str(request.user.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.SEE_IDENTITY)
@limited("show", [Limit(30, 3600, account), Limit(100, 24 * 3600, account)], methods=("POST",))
def person_show(request: HttpRequest, uid: str) -> HttpResponse:
    """Show who a person is, once, and write down who looked and why."""
    person = get_object_or_404(Person, uid=uid)
    if request.method != "POST":  # another language was chosen on the page, or it came from a list
        return redirect("web:person_detail", uid=uid)
    form = ShowForm(request.POST)
    if not form.is_valid():
        return person_page(request, person, form=form)
    return person_page(request, person, reason=form.said)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.MANAGE_RETENTION)
def person_forget(request: HttpRequest, uid: str) -> HttpResponse:
    """Say what forgetting a person destroys, and do it when that is confirmed."""
    person = get_object_or_404(Person, uid=uid)
    names.read(request, [person.pk], where=f"forget:{person.uid}")
    identity = identities_of([person]).get(person.pk)
    elsewhere = taken_elsewhere(person)
    form = ForgetForm(request.POST or None)
    if request.method == "POST" and not elsewhere and form.is_valid():
        try:
            erase(
                person=person,
                cause=Cause.REQUEST,
                reference=form.cleaned_data["reference"],
                by=account_of(request),
            )
        except NothingToEraseError:
            messages.warning(request, _("This person was forgotten before."))
        else:
            messages.success(request, _("The person is forgotten. Figures are as they were."))
        return redirect("web:person_detail", uid=uid)
    context = {
        "person": person,
        "identity": identity,
        "form": form,
        "elsewhere": elsewhere,
        "files": len(files_of([person.pk])),
    }
    return render(request, "people/forget.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.SEE_READINGS)
def person_readings(request: HttpRequest, uid: str) -> HttpResponse:
    """List by day who read what of a person, and why."""
    person = get_object_or_404(Person, uid=uid)
    page = lists.paginate(request, readings_of(f"person:{person.uid}"))
    days = looks.by_day(page.rows)  # before this look, which the next one will show
    names.read(request, [person.pk], where=f"readings:{person.uid}")
    context = {
        "person": person,
        "identity": identities_of([person]).get(person.pk),
        "listing": page,
        "rows": page.rows,
        "days": days,
    }
    return render(request, "people/readings.html", context)

"""For how long identities are kept, whose time is over, and letting go of them."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tafahom.access.rules import Act
from tafahom.jobs import actions as jobs
from tafahom.jobs.models import Job
from tafahom.people.models import Person
from tafahom.people.queries import identities_of
from tafahom.privacy import tasks
from tafahom.privacy.actions.retention import set_years
from tafahom.privacy.models import Erasure
from tafahom.privacy.queries import due, retention_rules, with_last_course
from tafahom.scoping import current_scope
from tafahom.web import lists
from tafahom.web.permissions import account_of, holds, requires
from tafahom.web.privacy_forms import RulesForm

KIND = "retention.run"
IN_WORK = ("waiting", "running")


@require_GET
@requires(Act.MANAGE_RETENTION)
def retention(request: HttpRequest) -> HttpResponse:
    """List whose time is over, the rules, and what was forgotten lately."""
    return _page(request, RulesForm(rules=retention_rules()))


@require_POST
@requires(Act.SET_RETENTION)
def retention_rules_save(request: HttpRequest) -> HttpResponse:
    """Change for how long identities are kept."""
    form = RulesForm(request.POST, rules=retention_rules())
    if not form.is_valid():
        return _page(request, form)
    changed = form.changed()
    for code, years in changed.items():
        set_years(audience_code=code, years=years, by=account_of(request))
    if changed:
        messages.success(request, _("The years are changed; nobody was forgotten by that."))
    return redirect("web:retention")


@require_POST
@requires(Act.MANAGE_RETENTION)
def retention_run(request: HttpRequest) -> HttpResponse:
    """Begin to forget everybody whose time is over."""
    if request.POST.get("understood") != "on":
        messages.error(request, _("Tick that you know there is no way back."))
        return redirect("web:retention")
    job = _running(request) or jobs.create(kind=KIND, by=account_of(request))
    tasks.retention.enqueue(job.uid)
    return redirect("web:retention_progress", uid=job.uid)


@require_GET
@requires(Act.MANAGE_RETENTION)
def retention_progress(request: HttpRequest, uid: str) -> HttpResponse:
    """Show how far a run is; htmx asks again while there is work."""
    job = get_object_or_404(_runs(request), uid=uid)
    is_part = bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx
    if job.state not in IN_WORK and is_part:
        return HttpResponse(headers={"HX-Refresh": "true"})
    template = "web/_retention_progress.html" if is_part else "web/retention_progress.html"
    return render(request, template, {"job": job, "is_in_work": job.state in IN_WORK})


@require_POST
@requires(Act.MANAGE_RETENTION)
def retention_cancel(request: HttpRequest, uid: str) -> HttpResponse:
    """Stop a run at its next safe point; who is forgotten by then stays so."""
    jobs.cancel(get_object_or_404(_runs(request), uid=uid))
    return redirect("web:retention_progress", uid=uid)


def _page(request: HttpRequest, form: RulesForm) -> HttpResponse:
    page = lists.cut(request, with_last_course(due()))
    identities = identities_of([person.pk for person in page.rows])
    erasures = Erasure.objects.filter(person__in=Person.objects.all())
    context = {
        "listing": page,
        "rows": [(person, identities.get(person.pk)) for person in page.rows],
        "form": form if holds(request, Act.SET_RETENTION) else None,
        "running": _running(request),
        "erased": erasures.count(),
        "latest": erasures.select_related("person", "erased_by")[:10],
    }
    status = 422 if form.is_bound else 200
    return render(request, "web/retention.html", context, status=status)


def _runs(request: HttpRequest) -> QuerySet[Job]:
    """Return the runs that who asks may see: who answers for a part, their own."""
    runs = Job.objects.filter(kind=KIND)
    if current_scope().is_everything:
        return runs
    return runs.filter(started_by=account_of(request))


def _running(request: HttpRequest) -> Job | None:
    return _runs(request).filter(state__in=IN_WORK).first()

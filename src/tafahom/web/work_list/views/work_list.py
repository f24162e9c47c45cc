"""The work list."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.desk.matters import KINDS
from tafahom.desk.needs import work_list
from tafahom.gate.permissions import account_of, holds, requires
from tafahom.web.shell import lists


@require_GET
@requires(Act.SEE_WORK_LIST)
def attention(request: HttpRequest) -> HttpResponse:
    """List what needs somebody, the most urgent first; ``kind`` narrows it."""
    found = work_list(account_of(request))
    present = {need.kind for need in found}
    kinds = [(kind, label) for kind, label in KINDS.items() if kind in present]
    kind = request.GET.get("kind", "")
    chosen = [need for need in found if kind in ("", need.kind)]
    context = {"listing": lists.paginate(request, chosen), "kinds": kinds, "total": len(found)}
    context["sees_registers"] = holds(request, Act.SEE_REGISTERS)
    return render(request, "work_list/attention.html", context)

"""Registry files that were loaded, and taking back what they changed."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tafahom.access.rules import Act
from tafahom.gate.permissions import account_of, requires
from tafahom.training.models import RegistryLoad
from tafahom.training.registries.loads import (
    AlreadyUndoneError,
    Undone,
    preview_undo,
    record_name,
    undo_load,
)
from tafahom.training.registries.messages import staying_sentence
from tafahom.training.registries.queries import left_of, registry_loads
from tafahom.web.shell import lists
from tafahom.web.shell.templatetags.tafahom import number

REGISTRIES: dict[str, Promise] = {
    "partners": gettext_lazy("Partners"),
    "agreements": gettext_lazy("Agreements"),
    "centres": gettext_lazy("Centres"),
    "standards": gettext_lazy("Standards"),
    "lists": gettext_lazy("Lists"),
}
KINDS: dict[str, Promise] = {
    "parties.Partner": gettext_lazy("Partner"),
    "parties.PartnerKind": gettext_lazy("Kind of partner"),
    "parties.Audience": gettext_lazy("Audience"),
    "parties.Centre": gettext_lazy("Centre"),
    "parties.CentreType": gettext_lazy("Type of centre"),
    "parties.County": gettext_lazy("County"),
    "parties.ListWord": gettext_lazy("Word of a list"),
    "agreements.Agreement": gettext_lazy("Agreement"),
    "agreements.Commitment": gettext_lazy("Commitment"),
    "training.Cluster": gettext_lazy("Cluster"),
    "training.OccupationalStandard": gettext_lazy("Standard"),
    "training.EducationLevel": gettext_lazy("Education"),
}


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A load as the list shows it; ``left`` records are not taken back."""

    load: RegistryLoad
    registry: str | Promise
    changes: int
    left: int


@require_GET
@requires(Act.UNDO_LOADS)
def loads(request: HttpRequest) -> HttpResponse:
    """List the registry files that changed something, the latest first."""
    page = lists.paginate(request, registry_loads())
    rows = [
        LoadRow(one, REGISTRIES.get(one.registry, one.registry), one.changes, one.left)
        for one in page.rows
    ]
    return render(request, "imports/loads.html", {"listing": page, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.UNDO_LOADS)
def load_undo(request: HttpRequest, uid: str) -> HttpResponse:
    """Show what undoing a load takes back and what stays, and do it when that is confirmed."""
    load = get_object_or_404(RegistryLoad, uid=uid)
    try:
        if request.method == "POST":
            _tell(request, undo_load(load, by=account_of(request)))
            return redirect("web:loads")
        undone = preview_undo(load)
    except AlreadyUndoneError:
        messages.info(request, _("All of this file was taken back before."))
        return redirect("web:loads")
    page = lists.paginate(request, left_of(load))
    context = {
        "load": load,
        "registry": REGISTRIES.get(load.registry, load.registry),
        "undone": undone,
        "staying": [(one.name, staying_sentence(one)) for one in undone.staying],
        "listing": page,
        "rows": [
            (KINDS.get(one.table, one.table), record_name(one), one.old is None)
            for one in page.rows
        ],
    }
    return render(request, "imports/load_undo.html", context)


def _tell(request: HttpRequest, undone: Undone) -> None:
    text = _("{removed} new records were removed, {restored} are as they were.")
    taken = {"removed": number(undone.removed), "restored": number(undone.restored)}
    messages.success(request, text.format(**taken))
    if undone.staying:
        text = _("{n} records stay; the page of the file says why.")
        messages.warning(request, text.format(n=number(len(undone.staying))))

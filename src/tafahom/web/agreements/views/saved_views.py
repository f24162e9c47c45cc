"""Views of lists: saved, chosen, shared, renamed and removed."""

from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tafahom.access.rules import Act
from tafahom.desk.models import SavedView
from tafahom.desk.views import change_view, remove_view, save_view, views_for
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.agreements.listing import AgreementFilter

PAGE = "agreements"
KEPT = (*AgreementFilter.base_fields, "sort")


class ViewForm(forms.Form):
    """The name of a view, for whom it is, and whether the list begins with it."""

    name = forms.CharField(max_length=80)
    query = forms.CharField(max_length=2000, required=False)
    is_shared = forms.BooleanField(required=False)
    is_default = forms.BooleanField(required=False)


def address_of(view: SavedView) -> str:
    """Return where a view leads. One that keeps everything says so: else the default comes back."""
    return f"{reverse('web:agreements')}?{view.query or 'view=all'}"


def kept_query(text: str) -> str:
    """Return what of a query a view keeps: fields of the form that hold something, and the order."""
    given = QueryDict(text[:2000])
    return urlencode({name: given[name] for name in KEPT if given.get(name)})[:1000]


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.SEE_REGISTERS)
def saved_views(request: HttpRequest) -> HttpResponse:
    """List the views of who asks, to change them; a new one is sent here too."""
    user = account_of(request)
    form = ViewForm(request.POST)
    if request.method != "POST":
        views = views_for(user, PAGE)
        context = {
            "own": [(view, address_of(view)) for view in views.own],
            "shared": [(view, address_of(view)) for view in views.shared],
        }
        return render(request, "agreements/saved_views.html", context)
    if not form.is_valid():
        messages.error(request, sentence(Refusal("view.empty")))
        return redirect("web:saved_views")
    given = form.cleaned_data | {"query": kept_query(form.cleaned_data["query"])}
    try:
        view = save_view(user=user, page=PAGE, **given)
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("web:saved_views")
    messages.success(request, _("The view “{name}” is saved.").format(name=view.name))
    return redirect(address_of(view))


@require_POST
@requires(Act.SEE_REGISTERS)
def saved_view_change(request: HttpRequest, uid: str) -> HttpResponse:
    """Rename one's own view, share it or not, begin with it or not."""
    view, form = _own(request, uid), ViewForm(request.POST)
    given = form.cleaned_data if form.is_valid() else {}
    try:
        change_view(
            view,
            name=given.get("name", ""),
            is_shared=given.get("is_shared", False),
            is_default=given.get("is_default", False),
        )
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The view “{name}” is saved.").format(name=view.name))
    return redirect("web:saved_views")


@require_POST
@requires(Act.SEE_REGISTERS)
def saved_view_remove(request: HttpRequest, uid: str) -> HttpResponse:
    """Remove one's own view."""
    view = _own(request, uid)
    remove_view(view)
    messages.success(request, _("The view “{name}” is removed.").format(name=view.name))
    return redirect("web:saved_views")


def _own(request: HttpRequest, uid: str) -> SavedView:
    return get_object_or_404(SavedView, user=account_of(request), page=PAGE, uid=uid)

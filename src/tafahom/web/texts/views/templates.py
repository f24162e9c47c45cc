"""Templates of agreements: the list, and one with its text and versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tafahom.access.rules import Act
from tafahom.agreements.models import AgreementTemplate
from tafahom.agreements.texts import queries
from tafahom.agreements.texts.queries import draft_of, template_by, template_text, versions_of
from tafahom.agreements.texts.templates import change_template, make_template
from tafahom.gate.permissions import account_of, requires
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.texts import page
from tafahom.web.texts.forms import TemplateForm


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_TEMPLATES)
def templates(request: HttpRequest) -> HttpResponse:
    """List the templates; make a new one, with the words of another where one is chosen."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        like = template_by(request.POST.get("like", ""))
        try:
            made = make_template(
                name=given["name"], kinds=given["kinds"], like=like, by=account_of(request)
            )
        except Refusal as error:
            form.add_error("name", sentence(error))
        else:
            messages.success(request, _("The template was made. Write its clauses."))
            return redirect("web:template_detail", uid=made.uid)
    context = {"templates": queries.templates(), "form": form}
    status = 422 if form.errors else 200
    return render(request, "texts/templates.html", context, status=status)


@require_http_methods(["GET", "POST"])
@requires(Act.MANAGE_TEMPLATES)
def template_detail(request: HttpRequest, uid: str) -> HttpResponse:
    """Show a template, its text and versions; take its name and kinds."""
    template = get_object_or_404(AgreementTemplate, uid=uid)
    form = TemplateForm(
        request.POST or None,
        initial={
            "name": template.name,
            "kinds": template.kinds.all(),
            "is_used": template.is_used,
        },
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_template(
                template,
                name=given["name"],
                kinds=given["kinds"],
                is_used=given["is_used"],
                by=account_of(request),
            )
        except Refusal as error:
            form.add_error("name", sentence(error))
        else:
            messages.success(request, _("The template was saved."))
            return redirect("web:template_detail", uid=uid)
    chosen = request.GET.get("text")
    version = get_object_or_404(template.texts, uid=chosen) if chosen else template_text(template)
    context = {
        "template": template,
        "form": form,
        "version": version,
        "versions": versions_of(template),
        "draft": draft_of(template),
        "clauses": page.shown_clauses(version) if version else [],
    }
    status = 422 if form.errors else 200
    return render(request, "texts/template.html", context, status=status)

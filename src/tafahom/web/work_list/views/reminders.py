"""The work list by e-mail and as a calendar: what each person chooses for themselves."""

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tafahom.access.rules import Act
from tafahom.desk import tasks
from tafahom.desk.actions import choose_digest, make_feed, revoke_feed
from tafahom.desk.calendar_file import CONTENT_TYPE
from tafahom.desk.feed import read_feed
from tafahom.desk.models import FrequencyName
from tafahom.desk.queries import digest_of, feed_of
from tafahom.desk.rules import Frequency
from tafahom.gate.limits import Limit, client_address, limited
from tafahom.gate.permissions import account_of, everyone, requires


class DigestForm(forms.Form):
    """How often the work list comes by e-mail, where to, in which language."""

    frequency = forms.ChoiceField(
        label=gettext_lazy("How often"), choices=FrequencyName.choices, widget=forms.RadioSelect
    )
    email = forms.EmailField(label=gettext_lazy("E-mail address"), required=False, max_length=254)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=settings.LANGUAGES)

    def clean(self) -> dict[str, object]:
        """Ask for an address when something is to be sent there."""
        given: dict[str, object] = super().clean() or {}
        wants = given.get("frequency") not in (None, Frequency.NONE)
        if wants and not given.get("email") and "email" not in self.errors:
            self.add_error("email", _("Where should it be sent to?"))
        return given


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Act.SEE_WORK_LIST)
def reminders(request: HttpRequest) -> HttpResponse:
    """Show what is chosen, and keep a new choice."""
    user = account_of(request)
    form = _form(request, request.POST if request.method == "POST" else None)
    if form.is_valid():
        given = form.cleaned_data
        choose_digest(
            user=user,
            frequency=Frequency(given["frequency"]),
            email=given["email"],
            language=given["language"],
            by=user,
        )
        messages.success(request, _("Your choice is saved."))
        return redirect("web:reminders")
    return _page(request, form)


def _person(request: HttpRequest) -> str:
    return str(request.user.pk)


@require_POST
@requires(Act.SEE_WORK_LIST)
@limited("digest", (Limit(5, 3600, _person),))
def digest_try(request: HttpRequest) -> HttpResponse:
    """Send the work list once, now, to see whether e-mail arrives."""
    user = account_of(request)
    digest = digest_of(user) if settings.SENDS_MAIL else None
    if digest is None or not digest.email:
        raise Http404
    tasks.trial.enqueue(user.pk)
    messages.success(request, _("It is on its way, unless nothing needs you now."))
    return redirect("web:reminders")


@require_POST
@requires(Act.SEE_WORK_LIST)
def calendar_make(request: HttpRequest) -> HttpResponse:
    """Make a calendar address, in place of one there was, and show it this once."""
    user = account_of(request)
    token = make_feed(user=user, by=user)
    address = request.build_absolute_uri(reverse("web:calendar_feed", args=[token]))
    return _page(request, _form(request), address=address)


@require_POST
@requires(Act.SEE_WORK_LIST)
def calendar_close(request: HttpRequest) -> HttpResponse:
    """Close the calendar address: whoever knows it reads nothing any more."""
    user = account_of(request)
    if revoke_feed(user=user, by=user):
        messages.success(request, _("The calendar address is closed."))
    return redirect("web:reminders")


def _token(request: HttpRequest) -> str:
    return request.path


# Programmes ask every quarter of an hour at most; an office shares one address.
READINGS = (Limit(1200, 3600, client_address), Limit(60, 3600, _token))


@everyone
@require_safe
@limited("calendar", READINGS, methods=("GET", "HEAD"))
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Give a calendar programme the days of whoever made the address."""
    feed = read_feed(token)
    if feed is None:
        raise Http404
    tag, changed = quote_etag(feed.tag), int(feed.changed_at.timestamp())
    known = get_conditional_response(request, etag=tag, last_modified=changed)
    response = known if isinstance(known, HttpResponse) else HttpResponse(feed.content())
    response["Content-Type"] = CONTENT_TYPE
    response["ETag"], response["Last-Modified"] = tag, http_date(changed)
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="tafahom.ics"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _form(request: HttpRequest, given: QueryDict | None = None) -> DigestForm:
    """Return the form with what is chosen; to start with, nothing is sent."""
    user = account_of(request)
    kept = digest_of(user)
    form = DigestForm(
        given,
        initial={
            "frequency": kept.frequency if kept else Frequency.NONE,
            "email": kept.email if kept else user.email,
            "language": kept.language if kept else get_language(),
        },
    )
    form.fields["frequency"].widget.attrs["class"] = "form-check-input"
    form.fields["email"].widget.attrs |= {"class": "form-control", "dir": "ltr"}
    form.fields["language"].widget.attrs["class"] = "form-select"
    return form


def _page(request: HttpRequest, form: DigestForm, *, address: str = "") -> HttpResponse:
    context = {
        "form": form,
        "sends_mail": settings.SENDS_MAIL,
        "may_try": settings.SENDS_MAIL and form.initial["frequency"] != Frequency.NONE,
        "feed": feed_of(account_of(request)),
        "address": address,
    }
    return render(request, "work_list/reminders.html", context, status=422 if form.errors else 200)

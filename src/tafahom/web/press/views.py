"""The press release of a period: read it, copy it, take it as a file."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from tafahom.access.rules import Act
from tafahom.figures.queries import latest_period, years
from tafahom.figures.rules import FigureError
from tafahom.gate.permissions import allows, requires
from tafahom.jalali import MONTH_NAMES, MonthSpan
from tafahom.reports.press import PressError, PressRelease, press_release
from tafahom.reports.press.render import RENDERERS, page_context, render_txt
from tafahom.web.shell.templatetags.tafahom import fa


class PeriodForm(forms.Form):
    """The months of a release, as words of its address."""

    def __init__(self, data: QueryDict, *, of_years: list[int]) -> None:
        super().__init__(data)
        months = [(str(number), name) for number, name in enumerate(MONTH_NAMES, 1)]
        self.fields["year"] = forms.ChoiceField(
            label=_("Year"), choices=[(str(year), fa(year)) for year in of_years]
        )
        self.fields["from"] = forms.ChoiceField(label=_("From month"), choices=months)
        self.fields["through"] = forms.ChoiceField(label=_("Through month"), choices=months)

    def release(self) -> PressRelease:
        """Write the release. Raises FigureError or PressError; the form must be valid."""
        chosen = {name: int(value) for name, value in self.cleaned_data.items()}
        return press_release(chosen["year"], chosen["through"], from_month=chosen["from"])


@require_GET
@requires(Act.WRITE_PRESS_RELEASE)
def press(request: HttpRequest) -> HttpResponse:
    """Show the release of the chosen months, and files to take."""
    form = _form(request)
    if form is None:
        may_import = allows(request, Act.IMPORT_ROSTERS)
        return render(request, "press/press.html", {"may_import": may_import})
    context: dict[str, object] = {"form": form}
    if form.is_valid():
        try:
            release = form.release()
        except (FigureError, PressError) as error:
            form.add_error(None, str(error))
        else:
            context |= page_context(release) | {
                "text": render_txt(release).decode(),
                "address": form.data.urlencode(),  # type: ignore[attr-defined]  # a QueryDict
                "endings": list(RENDERERS),
            }
    return render(request, "press/press.html", context, status=422 if form.errors else 200)


@require_GET
@requires(Act.WRITE_PRESS_RELEASE)
def press_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Return the release of the same address as a file."""
    form = _form(request)
    if ending not in RENDERERS or form is None or not form.is_valid():
        raise Http404
    try:
        release = form.release()
    except (FigureError, PressError) as error:
        raise Http404 from error
    make, content_type = RENDERERS[ending]
    name = f"{release.file_stem}.{ending}"
    return HttpResponse(
        make(release),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _form(request: HttpRequest) -> PeriodForm | None:
    """Return the form of the address, completed with the latest period; None without figures."""
    latest = latest_period()
    return PeriodForm(_complete(request.GET, latest), of_years=years()) if latest else None


def _complete(given: QueryDict, latest: MonthSpan) -> QueryDict:
    data = QueryDict(mutable=True)
    data["year"] = given.get("year") or str(latest.year)
    data["from"] = given.get("from") or str(latest.from_month)
    is_latest = data["year"] == str(latest.year)
    data["through"] = given.get("through") or str(latest.through_month if is_latest else 12)
    return data

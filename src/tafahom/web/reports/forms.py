"""What a report's address may ask for, and the question about figures that it makes."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any, TypeAlias

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tafahom.figures import members
from tafahom.figures.catalogue import ATTRIBUTION_LABELS, BASIS_LABELS, DIMENSIONS, MEASURES
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import MONTH_NAMES, MonthSpan
from tafahom.web.shell.templatetags.tafahom import fa

Choices: TypeAlias = list[tuple[str, str]]
SENSITIVE_DIMENSIONS = frozenset({"audience"})
# Offered as filters; standards, agreements and centres are many, so they come after the others.
FILTERS = (
    "level", "partner", "partner_kind", "cluster", "audience", "gender", "centre_type",
    "county", "education", "age_band", "agreement", "centre", "standard",
)  # fmt: skip
DEFAULT_MEASURES = ("persons", "person_hours", "committed_persons", "realisation_persons")


class ReportForm(forms.Form):
    """The report builder. Names of fields are the words of the address, so links stay stable.

    ``may_see_sensitive`` opens the dimensions that say something private of people. Values of a
    dimension are asked for when they are shown or checked, once for all forms that are ``like`` it.
    """

    def __init__(
        self,
        data: QueryDict | None,
        *,
        years: list[int],
        may_see_sensitive: bool,
        values: Callable[[str], Choices] | None = None,
    ) -> None:
        super().__init__(data)
        self._values = values or cache(_values)
        self._years, self._may_see_sensitive = years, may_see_sensitive
        self._closed = frozenset() if may_see_sensitive else SENSITIVE_DIMENSIONS
        months = [(str(number), name) for number, name in enumerate(MONTH_NAMES, 1)]
        self.fields["year"] = _choice(_("Year"), [(str(y), fa(y)) for y in years])
        self.fields["from"] = _choice(_("From month"), months)
        self.fields["through"] = _choice(_("Through month"), months)
        self.fields["by"] = forms.MultipleChoiceField(
            label=_("Rows"), choices=self._dimensions(), required=False
        )
        self.fields["m"] = forms.MultipleChoiceField(
            label=_("Figures"),
            choices=[(m.code, m.label) for m in MEASURES.values()],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        self.fields["basis"] = _choice(_("Person-hours are"), list(BASIS_LABELS.items()))
        self.fields["attribution"] = _choice(
            _("Months are counted"), list(ATTRIBUTION_LABELS.items())
        )
        self.fields["compare"] = forms.BooleanField(
            label=_("Compare with the same months of last year"), required=False
        )
        for name in self.filter_names:
            self.fields[name] = forms.MultipleChoiceField(
                label=str(DIMENSIONS[name].label),
                choices=partial(self._values, name),
                required=False,
            )

    def like(self, data: QueryDict) -> "ReportForm":
        """Return the form of another address for the same person."""
        return ReportForm(
            data,
            years=self._years,
            may_see_sensitive=self._may_see_sensitive,
            values=self._values,
        )

    @property
    def filter_names(self) -> list[str]:
        """The dimensions that may be filtered by."""
        return [name for name in FILTERS if name not in self._closed]

    def _dimensions(self) -> list[tuple[str, Any]]:
        return [(d.code, d.label) for d in DIMENSIONS.values() if d.code not in self._closed]

    def clean_by(self) -> list[str]:
        """Take two dimensions at most, each once; an empty choice is none."""
        chosen = list(dict.fromkeys(self.cleaned_data["by"]))
        if len(chosen) > 2:
            raise forms.ValidationError(_("Choose two kinds of rows at most."))
        return chosen

    def clean(self) -> dict[str, Any]:
        """Check that the months are in order."""
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("through")
        if first and last and int(first) > int(last):
            self.add_error("through", _("The last month is before the first."))
        return cleaned

    def query(self) -> FigureQuery:
        """Return the question; only for a valid form."""
        asked = self.cleaned_data
        return FigureQuery(
            year=int(asked["year"]),
            from_month=int(asked["from"]),
            through_month=int(asked["through"]),
            by=tuple(asked["by"]),
            where=tuple((name, value) for name in self.filter_names for value in asked[name]),
            basis=asked["basis"],
            attribution=asked["attribution"],
            compare_last_year=asked["compare"],
        )

    def measures(self) -> list[str]:
        """Return the measures that were chosen, in the order of the catalogue."""
        return [name for name in MEASURES if name in self.cleaned_data["m"]]

    def filters(self) -> list[dict[str, Any]]:
        """Return the filters for the page: label, choices and what is chosen."""
        return [
            {
                "name": name,
                "label": DIMENSIONS[name].label,
                "choices": self.fields[name].choices,  # type: ignore[attr-defined]  # a choice field
                "chosen": self.data.getlist(name) if name in self.data else [],  # type: ignore[attr-defined]  # a QueryDict
            }
            for name in self.filter_names
        ]


def complete(asked: QueryDict, latest: MonthSpan) -> QueryDict:
    """Return the address's words with what is missing filled in; empty words are dropped."""
    data = QueryDict(mutable=True)
    for name, values in asked.lists():
        if kept := [value for value in values if value]:
            data.setlist(name, kept)
    is_first_visit = not data
    data.setdefault("year", str(latest.year))
    data.setdefault("from", "1")
    data.setdefault("through", str(latest.through_month if is_first_visit else 12))
    data.setdefault("basis", "attended")
    data.setdefault("attribution", "end")
    if is_first_visit:
        data.setlist("by", ["partner"])
    if "m" not in data:
        data.setlist("m", list(DEFAULT_MEASURES))
    return data


def _choice(label: Any, choices: list[tuple[str, Any]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices)


def _values(name: str) -> Choices:
    return [(value.code, value.name) for value in members.choices(name)]

"""Forms about personal data: why something is looked at, let out or forgotten."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.privacy.queries import Rule
from tafahom.privacy.rules import (
    FEWEST_YEARS,
    LONGEST_REASON,
    MAX_YEARS,
    SHORTEST_REASON,
    ReasonError,
    good_reason,
)
from tafahom.web.templatetags.tafahom import fa

OCCASIONS: tuple[tuple[str, Promise], ...] = (
    ("correction", gettext_lazy("To correct a record")),
    ("certificate", gettext_lazy("For a certificate")),
    ("examination", gettext_lazy("To know who sits an examination")),
    ("contact", gettext_lazy("To get in touch")),
    ("request", gettext_lazy("The person asked about it")),
    ("other", gettext_lazy("Something else")),
)


class ReasonField(forms.CharField):
    """A reason that says something and holds nobody's number: it goes into the audit."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"class": "form-control", "minlength": SHORTEST_REASON, "autocomplete": "off"}
        super().__init__(max_length=LONGEST_REASON, widget=forms.TextInput(attrs=attrs), **kwargs)

    def clean(self, value: Any) -> str:
        """Read the reason. Raises ValidationError."""
        text = super().clean(value)
        if not text and not self.required:
            return ""
        try:
            return good_reason(text)
        except ReasonError as error:
            said = {
                "short": _("Say it in ten letters or more."),
                "long": _("Say it shorter."),
                "number": _("Write no number of a person here: this is kept in the audit."),
            }
            raise forms.ValidationError(said[error.code]) from error


class _Marked(forms.Form):
    """Marks its faulty fields for those who do not see the list of errors."""

    def mark_faults(self) -> None:
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def is_valid(self) -> bool:
        """Check, and mark what is at fault."""
        valid = super().is_valid()
        if not valid:
            self.mark_faults()
        return valid


class ShowForm(_Marked):
    """Why identities in clear are needed now."""

    occasion = forms.ChoiceField(
        label=gettext_lazy("What for"),
        choices=OCCASIONS,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    reason = ReasonField(label=gettext_lazy("Reason"))

    @property
    def said(self) -> str:
        """What is written into the audit."""
        return f"{self.cleaned_data['occasion']}: {self.cleaned_data['reason']}"


class ForgetForm(_Marked):
    """The letter that asks for it, and a word that shows it is meant."""

    reference = forms.CharField(
        label=gettext_lazy("Number of the letter"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "form-control", "dir": "ltr"}),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("I know that there is no way back"),
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class ExportForm(_Marked):
    """Why a file is needed, and whether it says to which group each trainee belongs."""

    reason = ReasonField(label=gettext_lazy("Reason"))
    with_audience = forms.BooleanField(
        label=gettext_lazy("With the audience of each trainee"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, may_see_sensitive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_sensitive:
            del self.fields["with_audience"]


class DeclineForm(_Marked):
    """Why a file is not let out."""

    note = ReasonField(label=gettext_lazy("Reason"))


class AnswerAlarmForm(_Marked):
    """What an account that asked for many names needed them for."""

    note = ReasonField(label=gettext_lazy("What it was"))


class RulesForm(_Marked):
    """Years for every audience."""

    def __init__(self, *args: Any, rules: Iterable[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        for rule in self.rules:
            label = rule.audience.name if rule.audience else _("Without an audience")
            self.fields[f"years-{rule.code}"] = forms.IntegerField(
                label=label,
                min_value=FEWEST_YEARS,
                max_value=MAX_YEARS,
                initial=fa(rule.years),
                widget=forms.TextInput(
                    attrs={"class": "form-control", "inputmode": "numeric", "dir": "ltr"}
                ),
            )

    @property
    def rows(self) -> list[tuple[Rule, forms.BoundField]]:
        """Each rule with its field."""
        return [(rule, self[f"years-{rule.code}"]) for rule in self.rules]

    def changed(self) -> dict[str, int]:
        """Return the years that are other than before, by the audience's code."""
        return {
            rule.code: years
            for rule in self.rules
            if (years := self.cleaned_data[f"years-{rule.code}"]) != rule.years
        }

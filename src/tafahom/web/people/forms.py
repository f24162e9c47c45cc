"""Forms about one person: why names are looked at, and forgetting somebody."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tafahom.web.shell.reasons import MarkedForm, ReasonField

OCCASIONS: tuple[tuple[str, Promise], ...] = (
    ("correction", gettext_lazy("To correct a record")),
    ("certificate", gettext_lazy("For a certificate")),
    ("examination", gettext_lazy("To know who sits an examination")),
    ("contact", gettext_lazy("To get in touch")),
    ("request", gettext_lazy("The person asked about it")),
    ("other", gettext_lazy("Something else")),
)


class ShowForm(MarkedForm):
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


class ForgetForm(MarkedForm):
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

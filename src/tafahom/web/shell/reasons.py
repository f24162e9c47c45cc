"""Why something is done to what is known of people, and forms that mark what is wrong in them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tafahom.privacy.rules import LONGEST_REASON, SHORTEST_REASON, ReasonError, good_reason


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


class MarkedForm(forms.Form):
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

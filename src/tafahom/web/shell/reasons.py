"""Why something is done to what is known of people, and forms that mark what is wrong in them."""

from typing import Any

from django import forms

from tafahom.privacy.rules import LONGEST_REASON, SHORTEST_REASON, good_reason
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence


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
        except Refusal as error:
            raise forms.ValidationError(sentence(error)) from error


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

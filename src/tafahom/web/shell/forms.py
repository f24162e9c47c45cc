"""Forms of pages that are not about one register."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from tafahom.jalali import parse_date
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence


class JalaliDateField(forms.CharField):
    """A day of the Jalali calendar in any digits; its value is a date, or None for nothing.

    ``latest`` gives the last day that is taken.
    """

    def __init__(self, *, latest: Callable[[], dt.date] | None = None, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)
        self._latest = latest

    def clean(self, value: Any) -> Any:
        """Read the day. Raises ValidationError."""
        text = super().clean(value)
        if not text:
            return None
        try:
            day = parse_date(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write the day as 1397/10/05.")) from error
        if self._latest and day > self._latest():
            raise forms.ValidationError(_("This day has not come yet."))
        return day


def refuse(form: forms.BaseForm, refusal: Refusal) -> None:
    """Say why what a form asks for is not done: at its field, where the form has it."""
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, sentence(refusal))


CHECKED = (forms.CheckboxInput, forms.CheckboxSelectMultiple, forms.RadioSelect)


def dress(form: forms.BaseForm) -> None:
    """Give each field of a form the look of its kind, unless it has one."""
    for field in form.fields.values():
        look = "form-control"
        if isinstance(field.widget, CHECKED):
            look = "form-check-input"
        elif isinstance(field.widget, forms.Select):
            look = "form-select"
        field.widget.attrs.setdefault("class", look)

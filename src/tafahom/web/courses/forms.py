"""What a register's page asks for besides marks, and what it says when it refuses."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.persian import to_ascii_digits
from tafahom.training.attendance.actions import MAX_SESSIONS
from tafahom.web.courses.register import WEEKDAYS
from tafahom.web.shell.forms import JalaliDateField


class HoursField(forms.CharField):
    """A length such as 4, 1.5, ۱٫۵ or 1:30 in hours; its value is whole minutes."""

    def clean(self, value: Any) -> Any:
        """Read the length. Raises ValidationError."""
        text = to_ascii_digits(super().clean(value)).replace("٫", ".").replace("/", ".")
        try:
            if ":" in text:
                whole, _colon, minutes = text.partition(":")
                return int(whole) * 60 + int(minutes)
            return round(float(text) * 60)
        except (ValueError, OverflowError) as error:
            raise forms.ValidationError(_("Write the hours as 4, 1.5 or 1:30.")) from error


class SessionsForm(forms.Form):
    """New sessions: one day, or the same days of each week until another day."""

    first = JalaliDateField(label=gettext_lazy("Day"))
    hours = HoursField(label=gettext_lazy("Hours"), max_length=8)
    last = JalaliDateField(label=gettext_lazy("Until"), required=False)
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days of the week"), choices=WEEKDAYS, coerce=int, required=False
    )
    again = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Work out the days. Raises ValidationError."""
        given: dict[str, Any] = super().clean() or {}
        first, last = given.get("first"), given.get("last")
        given["days"] = [first] if first else []
        if not first or not last:
            return given
        if not 0 <= (last - first).days <= 2 * MAX_SESSIONS:
            raise forms.ValidationError(_("The last day comes before the first."))
        chosen = given["weekdays"] or [first.weekday()]
        span = (first + dt.timedelta(days=step) for step in range((last - first).days + 1))
        given["days"] = [day for day in span if day.weekday() in chosen]
        return given

"""What a register's page asks for besides marks, and what it says when it refuses."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.periods.messages import sentence as closed_sentence
from tafahom.periods.rules import PeriodClosedError
from tafahom.persian import to_ascii_digits
from tafahom.reports.words import day as day_in_words
from tafahom.training.attendance.actions import MAX_SESSIONS, RegisterRefusedError
from tafahom.web.courses.register import WEEKDAYS
from tafahom.web.shell.forms import JalaliDateField
from tafahom.web.shell.templatetags.tafahom import hours


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


def sentence_of(refusal: RegisterRefusedError) -> str:
    """Return what stands against a write, in a sentence that says what to do."""
    params = refusal.params
    match refusal.code:
        case "period.closed":
            return closed_sentence(PeriodClosedError(params["months"]))
        case "minutes.beyond_planned":
            return _("Nobody can attend more than the course's {hours} hours.").format(
                hours=hours(params["minutes"])
            )
        case "session.outside_course":
            return _("Sessions lie within the course: {first} to {last}.").format(
                first=day_in_words(params["first"]), last=day_in_words(params["last"])
            )
        case "session.day_taken":
            return _(
                "There is a session on {day} already. Tick the box if there was another that day."
            ).format(day=day_in_words(params["day"]))
        case "session.not_held":
            return _("{day} has not come yet.").format(day=day_in_words(params["day"]))
        case "sessions.beyond_planned":
            return _("The course has {hours} hours left for sessions.").format(
                hours=hours(params["minutes"])
            )
    return str(_SENTENCES.get(refusal.code, _SENTENCES["mark.unknown"]))


_SENTENCES = {
    "hours.nothing_kept": gettext_lazy(
        "There are no reported hours of this course to restore: the register replaced none."
    ),
    "mark.unknown": gettext_lazy("Something was sent that is no mark. Load the page again."),
    "session.length": gettext_lazy("A session lasts more than nothing and at most 24 hours."),
    "sessions.none": gettext_lazy("None of these days of the week lies between the two days."),
    "session.gone": gettext_lazy("This session is not there any more."),
    "session.has_marks": gettext_lazy(
        "Somebody is marked in this session: take the marks away first."
    ),
}

"""Forms of amendments, money, committees and renewals."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from tafahom.agreements.models import CommitteeMember, Side
from tafahom.jalali import today
from tafahom.persian import to_ascii_digits
from tafahom.web.forms import JalaliDateField

MOST = 2**63 - 1


class WholeField(forms.CharField):
    """A whole number in any digits, with or without marks of thousands; None for nothing."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.widget.attrs.update(inputmode="numeric", dir="ltr")

    def clean(self, value: Any) -> Any:
        """Read the number. Raises ValidationError."""
        text = to_ascii_digits(super().clean(value)).translate({ord(mark): None for mark in "٬, "})
        if not text:
            return None
        if not text.isdecimal() or int(text) > MOST:
            raise ValidationError(_("Write a whole number."))
        return int(text)


class PromiseForm(forms.Form):
    """What is promised for a year; an empty quantity stays what it is."""

    year = WholeField(label=lazy("Year"))
    persons = WholeField(label=lazy("Committed persons"), required=False)
    person_hours = WholeField(label=lazy("Committed person-hours"), required=False)


class AmendmentForm(PromiseForm):
    """What a signed amendment makes of the promises of a year."""

    signed_on = JalaliDateField(label=lazy("Signed on"), latest=today)
    effective_on = JalaliDateField(label=lazy("In force from"))
    reason = forms.CharField(label=lazy("Reason"), max_length=400)


class ShareForm(forms.Form):
    """An instalment that a side pays."""

    side = forms.ChoiceField(label=lazy("Side"), choices=Side.choices)
    title = forms.CharField(label=lazy("For what"), max_length=200)
    amount = WholeField(label=lazy("Amount in rials"))
    due_on = JalaliDateField(label=lazy("Due on"))


class PaymentForm(forms.Form):
    """A payment of an instalment."""

    amount = WholeField(label=lazy("Amount in rials"))
    paid_on = JalaliDateField(label=lazy("Paid on"), latest=today)
    reference = forms.CharField(label=lazy("Reference of the payment"), max_length=120)


class MemberForm(forms.Form):
    """Who sits on the joint committee."""

    side = forms.ChoiceField(label=lazy("Side"), choices=Side.choices)
    name = forms.CharField(label=lazy("Name"), max_length=120)
    role = forms.CharField(label=lazy("Role"), max_length=120, required=False)


class MeetingForm(forms.Form):
    """When and where the joint committee meets, and about what."""

    held_on = JalaliDateField(label=lazy("Day"))
    place = forms.CharField(label=lazy("Place"), max_length=200, required=False)
    agenda = forms.CharField(label=lazy("Agenda"), max_length=4000)


class MinutesForm(forms.Form):
    """What was said at a meeting, and by whom."""

    minutes = forms.CharField(label=lazy("Minutes"), max_length=20000, widget=forms.Textarea)
    attended = forms.ModelMultipleChoiceField(
        CommitteeMember.objects.none(), label=lazy("Present"), required=False
    )


class DecisionForm(forms.Form):
    """What a meeting decided, who sees to it and by when."""

    text = forms.CharField(label=lazy("Decision"), max_length=400)
    responsible = forms.CharField(label=lazy("Who sees to it"), max_length=120)
    due_on = JalaliDateField(label=lazy("Due on"))


class DoneForm(forms.Form):
    """What proves that a decision was carried out."""

    evidence = forms.CharField(label=lazy("Evidence"), max_length=400)
    done_on = JalaliDateField(label=lazy("Done on"), latest=today)


class RenewalForm(forms.Form):
    """The number and term of a successor."""

    number = forms.CharField(label=lazy("Number"), max_length=60)
    starts_on = JalaliDateField(label=lazy("Starts on"))
    ends_on = JalaliDateField(label=lazy("Ends on"))

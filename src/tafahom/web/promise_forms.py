"""Forms of amendments, money, committees and renewals."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import CommitteeMember, Side
from tafahom.jalali import today
from tafahom.parties.models import Partner, Province
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

    year = WholeField(label=gettext_lazy("Year"))
    persons = WholeField(label=gettext_lazy("Committed persons"), required=False)
    person_hours = WholeField(label=gettext_lazy("Committed person-hours"), required=False)


class AmendmentForm(PromiseForm):
    """What a signed amendment makes of the promises of a year."""

    signed_on = JalaliDateField(label=gettext_lazy("Signed on"), latest=today)
    effective_on = JalaliDateField(label=gettext_lazy("In force from"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=400)


class ShareForm(forms.Form):
    """An instalment that a side pays."""

    side = forms.ChoiceField(label=gettext_lazy("Side"), choices=Side.choices)
    title = forms.CharField(label=gettext_lazy("For what"), max_length=200)
    amount = WholeField(label=gettext_lazy("Amount in rials"))
    due_on = JalaliDateField(label=gettext_lazy("Due on"))


class PaymentForm(forms.Form):
    """A payment of an instalment."""

    amount = WholeField(label=gettext_lazy("Amount in rials"))
    paid_on = JalaliDateField(label=gettext_lazy("Paid on"), latest=today)
    reference = forms.CharField(label=gettext_lazy("Reference of the payment"), max_length=120)


class MemberForm(forms.Form):
    """Who sits on the joint committee."""

    side = forms.ChoiceField(label=gettext_lazy("Side"), choices=Side.choices)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    role = forms.CharField(label=gettext_lazy("Role"), max_length=120, required=False)


class MeetingForm(forms.Form):
    """When and where the joint committee meets, and about what."""

    held_on = JalaliDateField(label=gettext_lazy("Day"))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=200, required=False)
    agenda = forms.CharField(label=gettext_lazy("Agenda"), max_length=4000)


class MinutesForm(forms.Form):
    """What was said at a meeting, and by whom."""

    minutes = forms.CharField(
        label=gettext_lazy("Minutes"), max_length=20000, widget=forms.Textarea
    )
    attended = forms.ModelMultipleChoiceField(
        CommitteeMember.objects.none(), label=gettext_lazy("Present"), required=False
    )


class DecisionForm(forms.Form):
    """What a meeting decided, who sees to it and by when."""

    text = forms.CharField(label=gettext_lazy("Decision"), max_length=400)
    responsible = forms.CharField(label=gettext_lazy("Who sees to it"), max_length=120)
    due_on = JalaliDateField(label=gettext_lazy("Due on"))


class DoneForm(forms.Form):
    """What proves that a decision was carried out."""

    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=400)
    done_on = JalaliDateField(label=gettext_lazy("Done on"), latest=today)


class RenewalForm(forms.Form):
    """The number and term of a successor."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    starts_on = JalaliDateField(label=gettext_lazy("Starts on"))
    ends_on = JalaliDateField(label=gettext_lazy("Ends on"))


class ImplementationForm(forms.Form):
    """The number, province and term of a provincial agreement that implements a national one."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    province = forms.ModelChoiceField(Province.objects.all(), label=gettext_lazy("Province"))
    starts_on = JalaliDateField(label=gettext_lazy("Starts on"))
    ends_on = JalaliDateField(label=gettext_lazy("Ends on"))


class PartyForm(forms.Form):
    """A body that signs beside the partner, and as what."""

    partner = forms.ModelChoiceField(Partner.objects.none(), label=gettext_lazy("Body"))
    role = forms.CharField(label=gettext_lazy("Role"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not when the module is read: then there is no scope yet.
        self.fields["partner"].queryset = Partner.objects.all()  # type: ignore[attr-defined]  # of a choice of records

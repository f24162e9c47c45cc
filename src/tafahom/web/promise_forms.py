"""Forms of amendments, money, committees and renewals."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import Agreement, CommittedMeasure, CommitteeMember, Side
from tafahom.jalali import today
from tafahom.parties.models import Partner, Province
from tafahom.persian import to_ascii_digits
from tafahom.reports.words import number
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


def said_again(data: Any, **others: str) -> dict[str, str]:
    """Return what a form was sent with, to be shown again, with some of it said otherwise."""
    return {name: data.get(name, "") for name in data} | others


class OfAgreement(forms.Form):
    """A form that asks what its agreement has."""

    def __init__(self, data: Any = None, *, agreement: Agreement, **others: Any) -> None:
        super().__init__(data, **others)
        self.agreement = agreement


class PromiseForm(forms.Form):
    """What is promised for a year; an empty quantity stays what it is."""

    year = WholeField(label=gettext_lazy("Year"))
    persons = WholeField(label=gettext_lazy("Committed persons"), required=False)
    person_hours = WholeField(label=gettext_lazy("Committed person-hours"), required=False)


class DraftPromiseForm(OfAgreement, PromiseForm):
    """The same of a draft. ``seen`` is what it promised when the form was opened."""

    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        self._now = {
            f"{one.year} {one.measure}": one.quantity for one in agreement.commitments.all()
        }
        super().__init__(data, agreement=agreement, initial={"seen": self._now})

    def clean(self) -> dict[str, Any]:
        """Take nobody's promise back unseen: who comes second is told, and decides."""
        given = self.cleaned_data
        before = given.get("seen") if isinstance(given.get("seen"), dict) else {}
        for measure in CommittedMeasure:
            place = f"{given.get('year')} {measure}"
            now = self._now.get(place)
            if given.get(measure) not in (None, now) and now != (before or {}).get(place):
                said = _("Somebody has made it {quantity} meanwhile: decide again.")
                self.add_error(measure, said.format(quantity=number(now or 0)))
        if self.errors:
            self.data = said_again(self.data, seen=json.dumps(self._now))
        return given


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


class MinutesForm(OfAgreement):
    """What was said at a meeting, and by whom."""

    minutes = forms.CharField(
        label=gettext_lazy("Minutes"), max_length=20000, widget=forms.Textarea
    )
    attended = forms.ModelMultipleChoiceField(
        CommitteeMember.objects.none(), label=gettext_lazy("Present"), required=False
    )

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data, agreement=agreement)
        self.fields["attended"].queryset = agreement.members.all()  # type: ignore[attr-defined]  # of a choice of records


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

"""Forms of amendments, money, committees and renewals."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import Agreement, CommittedMeasure, CommitteeMember, Side
from tafahom.agreements.renewals.queries import proposed_years
from tafahom.agreements.renewals.rules import years_of
from tafahom.jalali import today
from tafahom.localised import digits, number
from tafahom.parties.models import Partner
from tafahom.parties.queries import partners, provinces
from tafahom.persian import to_ascii_digits
from tafahom.web.shell.forms import JalaliDateField

MAX_QUANTITY = 2**63 - 1
TERM = ("starts_on", "ends_on")
MAX_YEARS = 30


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
        if not text.isdecimal() or int(text) > MAX_QUANTITY:
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
    attended: "forms.ModelMultipleChoiceField[CommitteeMember]" = forms.ModelMultipleChoiceField(
        None, label=gettext_lazy("Present"), required=False
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


class RenewalForm(OfAgreement):
    """The number and term of a successor, and from which years it takes its commitments.

    The years are asked once the term is known and there is more than one way.
    """

    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    starts_on = JalaliDateField(label=gettext_lazy("Starts on"))
    ends_on = JalaliDateField(label=gettext_lazy("Ends on"))

    def __init__(self, data: Any = None, *, agreement: Agreement) -> None:
        super().__init__(data, agreement=agreement)
        self.asks_years, self._was_asked = False, True
        self.old = commitments_by_year(agreement)
        term = [self.fields[name].clean(data.get(name)) for name in TERM] if _has_term(self) else []
        if not term or term[1] < term[0] or len(years_of(*term)) > MAX_YEARS:
            return
        found = proposed_years(agreement, starts_on=term[0], ends_on=term[1])
        self.asks_years = not found.is_clear
        if not self.asks_years:
            return
        sent = data.copy()
        self._was_asked = all(f"from-{year}" in data for year in found.years)
        for year, source in found.years.items():
            said = _("{year} takes the commitments of").format(year=digits(str(year)))
            self.fields[f"from-{year}"] = forms.ChoiceField(label=said, choices=self._choices())
            # What follows from the terms is proposed; what does not is left to be chosen.
            sent.setdefault(f"from-{year}", "" if source is None else str(source))
        self.data = sent

    def clean(self) -> dict[str, Any]:
        """Draft nothing before the years were shown."""
        if not self._was_asked:
            raise ValidationError(_("Choose into which years the commitments go."))
        return self.cleaned_data

    def _choices(self) -> list[tuple[str, str]]:
        years = [(str(year), f"{digits(str(year))}: {told}") for year, told in self.old.items()]
        return [("", _("Choose")), *years, ("none", _("nothing"))]

    @property
    def year_fields(self) -> list[forms.BoundField]:
        """The questions about years."""
        return [self[name] for name in self.fields if name.startswith("from-")]

    @property
    def years(self) -> dict[int, int | None] | None:
        """What ``renewals.actions.renew`` wants; None where there is one way only."""
        chosen = {field.name: self.cleaned_data[field.name] for field in self.year_fields}
        years = {
            int(name.removeprefix("from-")): None if value == "none" else int(value)
            for name, value in chosen.items()
        }
        return years or None


def _has_term(form: forms.Form) -> bool:
    """Whether the days of a term were sent and can be read."""
    if not form.is_bound:
        return False
    for name in TERM:
        try:
            form.fields[name].clean(form.data.get(name))
        except ValidationError:
            return False
    return True


def commitments_by_year(agreement: Agreement) -> dict[int, str]:
    """Return what an agreement promises, in words, by year."""
    found: dict[int, list[str]] = {}
    for one in agreement.commitments.filter(quantity__gt=0).order_by("year", "-measure"):
        told = f"{number(one.quantity)} {one.get_measure_display()}"
        found.setdefault(one.year, []).append(told)
    return {year: _(", ").join(told) for year, told in found.items()}


class ImplementationForm(forms.Form):
    """The number, province and term of a provincial agreement that implements a national one."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    province = forms.ModelChoiceField(provinces(), label=gettext_lazy("Province"))
    starts_on = JalaliDateField(label=gettext_lazy("Starts on"))
    ends_on = JalaliDateField(label=gettext_lazy("Ends on"))


class PartyForm(forms.Form):
    """A body that signs beside the partner, and as what."""

    partner: "forms.ModelChoiceField[Partner]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Body")
    )
    role = forms.CharField(label=gettext_lazy("Role"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Not when the module is read: then there is no scope yet.
        self.fields["partner"].queryset = partners()  # type: ignore[attr-defined]  # of a choice of records

"""What is decided about an agreement that renews another, on one form."""

from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _

from tafahom.agreements.renewals.queries import Differences
from tafahom.localised import day, digits, number
from tafahom.web.agreements.forms.promises import WholeField
from tafahom.web.shell.forms import JalaliDateField, dress


class RenewalLine(NamedTuple):
    """A record of the form with the fields that decide about it."""

    of: Any
    fields: list[forms.BoundField]


class RenewalDecisionForm(forms.Form):
    """New quantities of what was carried over; what else of the old agreement is taken over."""

    def __init__(self, data: Any, *, found: Differences) -> None:
        super().__init__(data)
        self._found = found
        for one in found.promises:
            said = f"{one.get_measure_display()} {digits(str(one.year))}"
            self.fields[f"promise-{one.pk}"] = WholeField(
                label=said, initial=digits(str(one.quantity))
            )
            self.fields[f"seen-{one.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=one.quantity
            )
        for kind, records in (("duty", found.obligations), ("share", found.shares)):
            for record, due_on in records:
                name = f"{kind}-{record.pk}"
                self.fields[name] = forms.BooleanField(required=False, label=_("Take it over"))
                self.fields[f"{name}-day"] = JalaliDateField(
                    required=False, label=_("Due on"), initial=day(due_on)
                )
        for share, _due_on in found.shares:
            self.fields[f"share-{share.pk}-amount"] = WholeField(
                required=False, label=_("Amount in rials"), initial=digits(str(share.amount))
            )
        dress(self)

    @property
    def promises(self) -> list[RenewalLine]:
        """What the agreement promises, beside the old one; what of that went nowhere is last."""
        names = ("promise-{}", "seen-{}")
        return [
            RenewalLine(
                pair, [self[name.format(pair.new.pk)] for name in names] if pair.new else []
            )
            for pair in self._found.pairs
        ]

    @property
    def obligations(self) -> list[RenewalLine]:
        """What the sides had to do."""
        names = ("duty-{}", "duty-{}-day")
        return [
            RenewalLine(one, [self[name.format(one.pk)] for name in names])
            for one, _due_on in self._found.obligations
        ]

    @property
    def shares(self) -> list[RenewalLine]:
        """What the sides had to pay."""
        names = ("share-{}", "share-{}-amount", "share-{}-day")
        return [
            RenewalLine(one, [self[name.format(one.pk)] for name in names])
            for one, _due_on in self._found.shares
        ]

    def clean(self) -> dict[str, Any]:
        """Want a day and an amount of what is taken over, and nobody's work overwritten."""
        given = self.cleaned_data
        for one in self._found.promises:
            if f"seen-{one.pk}" in given and given[f"seen-{one.pk}"] != one.quantity:
                said = _("Somebody has made it {quantity} meanwhile: decide again.")
                self.add_error(f"promise-{one.pk}", said.format(quantity=number(one.quantity)))
        taken = [name for name in self.fields if given.get(name) is True]
        for name in taken:
            for needed in (f"{name}-day", f"{name}-amount"):
                if needed in self.fields and needed not in self.errors and not given.get(needed):
                    self.add_error(needed, _("This is needed for what is taken over."))
        return given

    @property
    def decided(self) -> dict[str, Any]:
        """What ``renewals.actions.carry_forward`` wants; the form is valid."""
        given = self.cleaned_data
        return {
            "promises": {one: given[f"promise-{one.pk}"] for one in self._found.promises},
            "obligations": {
                one: given[f"duty-{one.pk}-day"]
                for one, _due_on in self._found.obligations
                if given[f"duty-{one.pk}"]
            },
            "shares": {
                one: (given[f"share-{one.pk}-amount"], given[f"share-{one.pk}-day"])
                for one, _due_on in self._found.shares
                if given[f"share-{one.pk}"]
            },
        }

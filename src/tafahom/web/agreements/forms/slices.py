"""The form that divides a promise into parts, in a draft or by an amendment."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import Agreement, Breakdown, Level, Slice
from tafahom.agreements.parts.rules import QUARTERS, Division, Place
from tafahom.figures.members import choices
from tafahom.jalali import today
from tafahom.localised import number as number_in_words
from tafahom.parties.queries import audiences, counties
from tafahom.reports.words import DIMENSION_NAMES, QUARTER_NAMES, slice_name
from tafahom.web.agreements.forms.promises import WholeField, said_again
from tafahom.web.shell.forms import JalaliDateField

EMPTY_ROWS = 5
MAX_ROWS = 60


class DivisionForm(forms.Form):
    """A row for each part: what it is about, by selects, and its quantity.

    Quarters and clusters have a row each from the beginning; of others there are those of now
    and empty ones.
    """

    is_complete = forms.BooleanField(
        label=gettext_lazy("The parts are the whole commitment"), required=False
    )

    def __init__(
        self,
        data: Any = None,
        *,
        agreement: Agreement,
        dimensions: tuple[str, ...],
        breakdown: Breakdown | None,
    ) -> None:
        initial = {"is_complete": bool(breakdown and breakdown.is_complete)}
        super().__init__(data, initial=initial)
        self.dimensions = dimensions
        self._now = list(breakdown.slices.filter(quantity__gt=0)) if breakdown else []
        self._names = {name: _choices(name, agreement) for name in dimensions}
        # What was there when the form was opened: who comes second is told what has changed.
        self._state = _state(self._now, initial["is_complete"])
        self.fields["seen"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=self._state
        )
        rows = self._rows()
        self.count = min(MAX_ROWS, len(rows) + (0 if self._is_closed else EMPTY_ROWS))
        for number in range(self.count):
            said = rows[number] if number < len(rows) else {}
            for name in dimensions:
                self.fields[f"{name}-{number}"] = forms.ChoiceField(
                    label=DIMENSION_NAMES[name],
                    choices=[("", "—"), *self._names[name].items()],
                    initial=said.get(name, ""),
                    required=False,
                )
            self.fields[f"quantity-{number}"] = WholeField(
                label=gettext_lazy("Quantity"), initial=said.get("quantity"), required=False
            )

    @property
    def _is_closed(self) -> bool:
        """Whether there is a row for each value, so that none need be added."""
        return self.dimensions in (("quarter",), ("cluster",))

    def _rows(self) -> list[dict[str, Any]]:
        rows = [
            {**{name: _value(part, name) for name in self.dimensions}, "quantity": part.quantity}
            for part in self._now
        ]
        if self._is_closed:
            [name] = self.dimensions
            known = {row[name]: row for row in rows}
            return [known.get(value, {name: value}) for value in self._names[name]]
        return rows

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        """The fields, a list for each part."""
        return [
            [self[f"{name}-{number}"] for name in (*self.dimensions, "quantity")]
            for number in range(self.count)
        ]

    @property
    def heads(self) -> list[str]:
        """What stands above the rows."""
        return [*(str(DIMENSION_NAMES[name]) for name in self.dimensions), _("Quantity")]

    def clean(self) -> dict[str, Any]:
        """Gather the parts; a row with a quantity says all of what it is about."""
        given = self.cleaned_data
        quantities: dict[Place, int] = {}
        seen: set[str] = set()
        for number in range(self.count):
            values = {name: given.get(f"{name}-{number}", "") for name in self.dimensions}
            quantity = given.get(f"quantity-{number}")
            if quantity is None:
                continue
            if not all(values.values()):
                self.add_error(f"quantity-{number}", _("Say what this part is about."))
                continue
            place = self._place(values)
            if place.key in seen:
                self.add_error(f"quantity-{number}", _("This part is named twice."))
            seen.add(place.key)
            quantities[place] = quantity
        for part in self._now:
            gone = self._place({name: _value(part, name) for name in self.dimensions})
            if gone.key not in seen:
                quantities[gone] = 0
        if given.get("seen", "") != self._state:
            self._tell_what_changed()
        if not self.errors:
            given["division"] = Division(
                self.dimensions, quantities, is_complete=given.get("is_complete", False)
            )
        return given

    def _tell_what_changed(self) -> None:
        parts = [f"{slice_name(part)}: {number_in_words(part.quantity)}" for part in self._now]
        said = _("Somebody has changed the parts meanwhile. They are now: {parts}. Decide again.")
        self.add_error(None, said.format(parts="، ".join(parts) or "—"))
        self.data = said_again(self.data, seen=self._state)

    def _place(self, values: dict[str, str]) -> Place:
        named = [
            str(self._names[name].get(value, value))
            for name, value in values.items()
            if name != "quarter"
        ]
        return Place(
            audience=int(values["audience"]) if "audience" in values else None,
            cluster=values.get("cluster", ""),
            county=int(values["county"]) if "county" in values else None,
            quarter=int(values["quarter"]) if "quarter" in values else None,
            label="، ".join(named)[:300],
        )


class AmendedDivisionForm(DivisionForm):
    """The same of what is signed: by an amendment, which may change the commitment too."""

    def __init__(self, data: Any = None, **others: Any) -> None:
        super().__init__(data, **others)
        self.fields["quantity"] = WholeField(
            label=gettext_lazy("The commitment becomes"), required=False
        )
        self.fields["signed_on"] = JalaliDateField(label=gettext_lazy("Signed on"), latest=today)
        self.fields["effective_on"] = JalaliDateField(label=gettext_lazy("In force from"))
        self.fields["reason"] = forms.CharField(label=gettext_lazy("Reason"), max_length=400)

    @property
    def amendment(self) -> list[forms.BoundField]:
        """The fields of the amendment itself."""
        return [self[name] for name in ("quantity", "signed_on", "effective_on", "reason")]


def _state(parts: Iterable[Slice], is_complete: bool) -> str:
    """Return parts as a text that is another when they are; nothing for none."""
    told = sorted(f"{part.key}={part.quantity}" for part in parts)
    return sha256("\n".join([*told, str(is_complete)]).encode()).hexdigest() if told else ""


def _value(part: Slice, name: str) -> str:
    values = {
        "audience": part.audience_id,
        "cluster": part.cluster,
        "county": part.county_id,
        "quarter": part.quarter,
    }
    return str(values[name] or "")


def _choices(name: str, agreement: Agreement) -> dict[str, str]:
    """Return what may be chosen; the counties are those of the agreement's province.

    A national agreement may name counties of all provinces.
    """
    if name == "quarter":
        return {str(number): str(QUARTER_NAMES[number]) for number in QUARTERS}
    if name == "cluster":
        return {value.code: value.name for value in choices("cluster")}
    if name == "audience":
        return {str(pk): text for pk, text in audiences().values_list("pk", "name")}
    if agreement.level == Level.NATIONAL:
        return {str(one.pk): f"{one.name} ({one.province.name})" for one in counties()}
    return {str(one.pk): one.name for one in counties(province=agreement.province_id)}

"""The form of a draft agreement, and what it says when somebody else has edited it meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tafahom.agreements.drafts.rules import NAMES, DraftFacts, changed_names, clashes
from tafahom.agreements.models import Level
from tafahom.jalali import format_date
from tafahom.parties.models import Partner
from tafahom.parties.queries import partners_by_id
from tafahom.persian.diff import Piece, word_diff
from tafahom.web.shell.forms import JalaliDateField, dress

BASE = "base-"


class DraftForm(forms.Form):
    """What an agreement says of itself while it is a draft."""

    number = forms.CharField(label=gettext_lazy("Number"), max_length=60)
    partner: "forms.ModelChoiceField[Partner]" = forms.ModelChoiceField(
        None, label=gettext_lazy("Partner")
    )
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=300, required=False)
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=Level.choices)
    parent = forms.CharField(
        label=gettext_lazy("Number of the national agreement that it implements"),
        max_length=60,
        required=False,
    )
    starts_on = JalaliDateField(label=gettext_lazy("Begins on"))
    ends_on = JalaliDateField(label=gettext_lazy("Ends on"))

    def __init__(self, *args: Any, partners: QuerySet[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = partners  # type: ignore[attr-defined]  # of a choice of records
        dress(self)
        for name in ("number", "parent", "starts_on", "ends_on"):
            self.fields[name].widget.attrs["dir"] = "ltr"

    def facts(self) -> DraftFacts:
        """Return what the valid form says."""
        given = dict(self.cleaned_data)
        return DraftFacts(partner_id=given.pop("partner").pk, **given)


def initial_of(facts: DraftFacts) -> dict[str, Any]:
    """Return facts as the form shows them."""
    shown = {name: getattr(facts, name) for name in NAMES if name != "partner_id"}
    return shown | {
        "partner": facts.partner_id,
        "starts_on": format_date(facts.starts_on, digits="en"),
        "ends_on": format_date(facts.ends_on, digits="en"),
    }


def hidden_of(facts: DraftFacts) -> list[tuple[str, str]]:
    """Return what the page carries of what its reader had before them."""
    return [(f"{BASE}{name}", str(value)) for name, value in initial_of(facts).items()]


def base_in(posted: Mapping[str, str], partners: QuerySet[Partner]) -> DraftFacts | None:
    """Return what was carried; None when it does not say it all."""
    data = {key.removeprefix(BASE): posted[key] for key in posted if key.startswith(BASE)}
    form = DraftForm(data, partners=partners)
    return form.facts() if form.is_valid() else None


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field that somebody else changed: word by word, and whether both did."""

    label: str | Promise
    pieces: list[Piece]
    is_clash: bool


def differences(base: DraftFacts, theirs: DraftFacts, mine: DraftFacts) -> list[FieldDifference]:
    """Return what was changed meanwhile."""
    both = set(clashes(base, theirs, mine))
    names = changed_names(base, theirs)
    partners = partners_by_id([base.partner_id, theirs.partner_id]).in_bulk()

    def words(facts: DraftFacts, name: str) -> str:
        if name == "partner_id":
            return str(partners.get(facts.partner_id, ""))
        if name == "level":
            return str(Level(facts.level).label)
        return str(initial_of(facts)[name])

    fields = DraftForm.base_fields
    return [
        FieldDifference(
            fields[name.removesuffix("_id")].label or name,
            word_diff(words(base, name), words(theirs, name)),
            name in both,
        )
        for name in names
    ]

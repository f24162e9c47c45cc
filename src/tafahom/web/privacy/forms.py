"""Forms about files of personal data, alarms and how long names are kept."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.privacy.queries import Rule
from tafahom.privacy.rules import FEWEST_YEARS, MAX_YEARS
from tafahom.web.shell.reasons import MarkedForm, ReasonField
from tafahom.web.shell.templatetags.tafahom import fa


class ExportForm(MarkedForm):
    """Why a file is needed, and whether it says to which group each trainee belongs."""

    reason = ReasonField(label=gettext_lazy("Reason"))
    with_audience = forms.BooleanField(
        label=gettext_lazy("With the audience of each trainee"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(self, *args: Any, may_see_sensitive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_see_sensitive:
            del self.fields["with_audience"]


class DeclineForm(MarkedForm):
    """Why a file is not let out."""

    note = ReasonField(label=gettext_lazy("Reason"))


class AnswerAlarmForm(MarkedForm):
    """What an account that asked for many names needed them for."""

    note = ReasonField(label=gettext_lazy("What it was"))


class RulesForm(MarkedForm):
    """Years for every audience."""

    def __init__(self, *args: Any, rules: Iterable[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rules = list(rules)
        for rule in self.rules:
            label = rule.audience.name if rule.audience else _("Without an audience")
            self.fields[f"years-{rule.code}"] = forms.IntegerField(
                label=label,
                min_value=FEWEST_YEARS,
                max_value=MAX_YEARS,
                initial=fa(rule.years),
                widget=forms.TextInput(
                    attrs={"class": "form-control", "inputmode": "numeric", "dir": "ltr"}
                ),
            )

    @property
    def rows(self) -> list[tuple[Rule, forms.BoundField]]:
        """Each rule with its field."""
        return [(rule, self[f"years-{rule.code}"]) for rule in self.rules]

    def changed(self) -> dict[str, int]:
        """Return the years that are other than before, by the audience's code."""
        return {
            rule.code: years
            for rule in self.rules
            if (years := self.cleaned_data[f"years-{rule.code}"]) != rule.years
        }

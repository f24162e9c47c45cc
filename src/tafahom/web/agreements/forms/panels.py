"""What is written on the page of an agreement itself: steps, signatures, obligations."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import AgreementParty, Obligation, Side
from tafahom.jalali import today
from tafahom.localised import digits
from tafahom.refusals import Refusal
from tafahom.web.shell.forms import JalaliDateField, dress, refuse


class Panel(forms.Form):
    """A form beside others on one page: ``key`` tells it from them, and its fields from theirs."""

    def __init__(self, data: Any = None, *, key: str, **others: Any) -> None:
        super().__init__(data, auto_id=f"{key}-%s", **others)
        self.key = key
        dress(self)
        for field in self.fields.values():
            if isinstance(field, JalaliDateField):
                field.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}
                field.widget.attrs["placeholder"] = digits("1397/10/05")


class StepForm(Panel):
    """A step in the life of an agreement (``to``), and why it is taken."""

    to = forms.CharField(max_length=12, widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=2000)

    def refuse(self, codes: Sequence[str]) -> None:
        """Say what stands against the step."""
        for code in codes:
            refuse(self, Refusal(code, field="reason" if code == "reason.missing" else ""))


class SignatureForm(Panel):
    """Who signs for which side or further body (its uid), and when it was signed, if it was."""

    side = forms.ChoiceField(label=gettext_lazy("Side"))
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, required=False)
    signed_on = JalaliDateField(label=gettext_lazy("Signed on"), required=False, latest=today)

    def __init__(self, data: Any = None, *, parties: Sequence[AgreementParty]) -> None:
        super().__init__(data, key="sign")
        self.parties = {party.uid: party for party in parties}
        further = [(party.uid, party.partner.name) for party in parties]
        self.fields["side"].choices = [*Side.choices, *further]  # type: ignore[attr-defined]  # of a choice


class ObligationForm(Panel):
    """What a side has to do, by when, and who sees to it."""

    side = forms.ChoiceField(label=gettext_lazy("Side"), choices=Side.choices)
    text = forms.CharField(label=gettext_lazy("What is to be done"), max_length=400)
    responsible = forms.CharField(
        label=gettext_lazy("Who sees to it"), max_length=120, required=False
    )
    due_on = JalaliDateField(label=gettext_lazy("Due on"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, key="oblige")


class EvidenceForm(Panel):
    """What proves that an obligation was met, and on which day it was."""

    evidence = forms.CharField(label=gettext_lazy("Evidence"), max_length=400)
    done_on = JalaliDateField(label=gettext_lazy("Done on"), latest=today)

    def __init__(self, data: Any = None, *, of: Obligation) -> None:
        super().__init__(data, key=f"met-{of.uid}")


@dataclass(frozen=True, slots=True)
class Step:
    """A step that an agreement may take; ``form`` is there where a reason is needed."""

    to: str
    label: str
    form: StepForm | None


@dataclass(frozen=True, slots=True)
class Panels:
    """The forms of an agreement's page.

    ``obligations`` are those of the agreement, each with the form that says that it is met.
    ``refused`` is the form that was sent and not taken, as it was typed.
    """

    steps: list[Step]
    signature: SignatureForm
    obligation: ObligationForm
    obligations: list[tuple[Obligation, EvidenceForm]]
    refused: Panel | None = None

    @classmethod
    def of(
        cls,
        steps: Sequence[tuple[str, str, bool]],
        parties: Sequence[AgreementParty],
        obligations: Sequence[Obligation],
        refused: Panel | None = None,
    ) -> Self:
        """Return the forms; ``steps`` are states with their words and whether a reason is needed."""
        signature: Panel = SignatureForm(parties=parties)
        obligation: Panel = ObligationForm()

        def sent(form: Any) -> Any:
            return refused if refused is not None and refused.key == form.key else form

        return cls(
            steps=[
                Step(to, label, sent(_step_form(to)) if needs_reason else None)
                for to, label, needs_reason in steps
            ],
            signature=sent(signature),
            obligation=sent(obligation),
            obligations=[(one, sent(EvidenceForm(of=one))) for one in obligations],
            refused=refused,
        )


def _step_form(to: str) -> StepForm:
    return StepForm(key=f"step-{to}", initial={"to": to})

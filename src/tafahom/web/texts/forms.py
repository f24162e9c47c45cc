"""What is typed into clauses, templates and files of agreements, and what is said of refusals."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from tafahom.agreements.models import FileKind
from tafahom.agreements.texts import placeholders, storage
from tafahom.agreements.texts.rules import (
    MAX_NOTES,
    Content,
)
from tafahom.parties.queries import partner_kinds
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.shell.forms import dress

# Empty boxes for further notes: without JavaScript there is no adding on the page.
SPARE_NOTES = 2
PLACEHOLDER_WORDS = {
    "number": gettext_lazy("number of the agreement"),
    "subject": gettext_lazy("what it is about"),
    "partner": gettext_lazy("name of the partner"),
    "partner_signatory": gettext_lazy("who signs for the partner"),
    "directorate": gettext_lazy("name of the directorate"),
    "directorate_signatory": gettext_lazy("who signs for the directorate"),
    "province": gettext_lazy("province"),
    "audience": gettext_lazy("main audience of the partner"),
    "term": gettext_lazy("term, from its first to its last day"),
    "starts_on": gettext_lazy("first day"),
    "ends_on": gettext_lazy("last day"),
    "commitments": gettext_lazy("what is promised, a line for each year"),
    "obligations_directorate": gettext_lazy("further obligations of the directorate"),
    "obligations_partner": gettext_lazy("further obligations of the partner"),
    "national_agreement": gettext_lazy("number of the national agreement"),
}


def posted_content(data: QueryDict, prefix: str = "") -> Content:
    """Return the clause that was sent, as it was typed."""
    return Content(
        data.get(f"{prefix}heading", ""),
        data.get(f"{prefix}text", "").replace("\r\n", "\n"),
        tuple(note.replace("\r\n", "\n") for note in data.getlist(f"{prefix}notes")[:1000]),
    )


def note_boxes(notes: Sequence[str]) -> list[str]:
    """Return the texts of the boxes for notes, spare ones behind them."""
    spare = max(0, min(SPARE_NOTES, MAX_NOTES - len(notes)))
    filled = [note for note in notes if note.strip()]
    return filled + [""] * (spare or 1)


class TemplateForm(forms.Form):
    """Name of a template, for which kinds of partners it is, whether it is offered."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    kinds = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Kinds of partners"),
        queryset=partner_kinds(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    is_used = forms.BooleanField(
        label=gettext_lazy("Offer it for new agreements"),
        required=False,
        initial=True,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )


class FileForm(forms.Form):
    """A file to attach."""

    file = forms.FileField(label=gettext_lazy("File"), allow_empty_file=True, max_length=400)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FileKind.choices)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "file-%s", **kwargs})
        dress(self)

    def clean_file(self) -> UploadedFile:
        """Refuse what is too large before it is read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > storage.LARGEST_FILE:
            raise forms.ValidationError(sentence(Refusal("attachment.too_large")))
        return file


def placeholder_list() -> list[tuple[str, Any]]:
    """Return the names that a template may use, as they are typed, and what each stands for."""
    return [(f"{{{{ {name} }}}}", PLACEHOLDER_WORDS[name]) for name in placeholders.NAMES]

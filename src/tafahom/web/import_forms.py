"""Forms of rosters on their way in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.exchange.storage import LARGEST_FILE
from tafahom.parties.models import Partner

MOST_FILES = 100  # as Django's DATA_UPLOAD_MAX_NUMBER_FILES
LARGEST_TOTAL = 200 * 1024 * 1024


class _Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files in one field; its value is the list of them."""

    widget = _Files

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Check each file by itself, and that there is one."""
        files = (data if isinstance(data, list | tuple) else [data]) or [None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class UploadForm(forms.Form):
    """The files to send."""

    files = FilesField(  # type: ignore[assignment]  # BaseForm.files is what was sent
        label=gettext_lazy("Roster files"),
        allow_empty_file=True,  # the check says that it is empty, beside the other files' answers
        widget=_Files(
            attrs={"class": "form-control", "accept": ".xlsx,.xlsm,.xlsb,.xls,.ods,.csv,.txt,.tsv"}
        ),
    )

    def clean_files(self) -> list[UploadedFile]:
        """Refuse what is too much; what is in the files is judged when they are checked."""
        files: list[UploadedFile] = self.cleaned_data["files"]
        for file in files:
            if (file.size or 0) > LARGEST_FILE:
                raise forms.ValidationError(
                    _("“{name}” is larger than {size}.").format(
                        name=file.name, size=filesizeformat(LARGEST_FILE)
                    )
                )
        if len(files) > MOST_FILES or sum(file.size or 0 for file in files) > LARGEST_TOTAL:
            raise forms.ValidationError(
                _("Send at most {count} files and {size} at a time.").format(
                    count=MOST_FILES, size=filesizeformat(LARGEST_TOTAL)
                )
            )
        return files


class ColumnsForm(forms.Form):
    """What the unknown columns of one file mean, and for which partner that is remembered."""

    def __init__(
        self,
        *args: Any,
        columns: list[str],
        partners: list[int],
        fields: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.columns = columns
        every = Partner.objects.all()
        known = every.filter(pk__in=partners)
        partner = forms.ModelChoiceField(
            known if partners else every,
            to_field_name="uid",
            label=_("Remember for"),
            empty_label=None if len(partners) == 1 else _("Choose the partner"),
            widget=forms.Select(attrs={"class": "form-select"}),
        )
        self.fields["partner"] = partner
        for number, header in enumerate(columns):
            self.fields[f"column-{number}"] = forms.ChoiceField(
                label=header,
                required=False,
                choices=[("", _("Leave out")), *fields],
                widget=forms.Select(attrs={"class": "form-select"}),
            )

    def chosen(self) -> dict[str, str]:
        """Return the columns that were explained: header to canonical field."""
        return {
            header: field
            for number, header in enumerate(self.columns)
            if (field := self.cleaned_data.get(f"column-{number}"))
        }

    def clean(self) -> dict[str, Any]:
        """Ask for at least one column, and no meaning twice."""
        cleaned = super().clean() or {}
        fields = list(self.chosen().values())
        if not fields:
            raise forms.ValidationError(_("Choose the meaning of a column."))
        if len(fields) != len(set(fields)):
            raise forms.ValidationError(_("Two columns can not have the same meaning."))
        return cleaned

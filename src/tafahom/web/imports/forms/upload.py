"""Forms of rosters on their way in."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tafahom.exchange.rosters.storage import LARGEST_FILE

MAX_FILES = 100  # as Django's DATA_UPLOAD_MAX_NUMBER_FILES
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
        if len(files) > MAX_FILES or sum(file.size or 0 for file in files) > LARGEST_TOTAL:
            raise forms.ValidationError(
                _("Send at most {count} files and {size} at a time.").format(
                    count=MAX_FILES, size=filesizeformat(LARGEST_TOTAL)
                )
            )
        return files

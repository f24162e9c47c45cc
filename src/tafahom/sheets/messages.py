"""Why a file could not be read, and what to do, in the reader's language."""

from django.utils.translation import gettext_lazy

FILE_SENTENCES = {
    "file.empty": gettext_lazy("The file is empty: send the one with the roster in it."),
    "file.not_a_spreadsheet": gettext_lazy(
        "This is no workbook (xlsx, xls, xlsb, ods) and no text table: "
        "open it in a spreadsheet and save it as xlsx."
    ),
    "file.html": gettext_lazy(
        "This is a web page or XML, whatever its name says: open it in Excel or LibreOffice, "
        "choose “Save as”, the kind “xlsx”, and send that file."
    ),
    "file.damaged": gettext_lazy("The file is damaged or cut off: save it and send it again."),
    "file.encrypted": gettext_lazy(
        "The file is locked by a password: save it without one and send it again."
    ),
    "file.too_large": gettext_lazy(
        "The file is too large or too heavy to open: split it into smaller ones."
    ),
    "file.not_readable": gettext_lazy("The file could not be opened: see whether it is there."),
    "sheet.too_wide": gettext_lazy(
        "The sheet has more than 256 columns: delete the columns beyond the table."
    ),
}

"""What a file does not say and somebody gave for it, or for one of its sheets."""

from collections.abc import Mapping

# Values by sheet, "" for the whole file, then by field.
Given = Mapping[str, Mapping[str, str]]
# A given value that stands for the name of each sheet.
SHEET_NAME = "@sheet"


def given_for(sheet: str, given: Given) -> dict[str, str]:
    """Values given for a sheet: its own before those of the whole file."""
    values = dict(given.get("", {})) | dict(given.get(sheet, {}))
    return {name: sheet if text == SHEET_NAME else text for name, text in values.items()}

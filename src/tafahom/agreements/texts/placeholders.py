"""Names in a template that an agreement's data stand for. No framework."""

import re
from collections.abc import Iterable, Mapping

# The closed list: a template that has another name is not taken.
NAMES = (
    "number",
    "subject",
    "partner",
    "partner_signatory",
    "directorate",
    "directorate_signatory",
    "province",
    "audience",
    "term",
    "starts_on",
    "ends_on",
    "commitments",
    "obligations_directorate",
    "obligations_partner",
    "national_agreement",
)
BLANK = "……………"
# Duties beyond those that the template names: an agreement need not have any.
OPTIONAL = frozenset({"obligations_directorate", "obligations_partner"})
_BRACES = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_STRAY = re.compile(r"\{\{|\}\}")


def unknown(text: str) -> list[str]:
    """Return what stands in braces and is no name of the list, as it was typed, each once.

    Braces without their counterpart are told too.
    """
    names = (found[1] for found in _BRACES.finditer(text))
    strange = [name or "{{ }}" for name in names if name not in NAMES]
    strange += _STRAY.findall(_BRACES.sub("", text))
    return list(dict.fromkeys(strange))


def any_in(texts: Iterable[str]) -> bool:
    """Return whether there is a name in braces in one of the texts."""
    return any(_BRACES.search(text) for text in texts)


def fill(text: str, values: Mapping[str, str]) -> tuple[str, list[str]]:
    """Put values in the place of names; what has no value becomes dots to be filled by hand.

    A line with nothing but an optional name (``OPTIONAL``) goes when there is no value. Returns the
    text and the names without a value, optional ones left out.
    """
    missing: list[str] = []
    lines = []
    for line in text.splitlines():
        found = _BRACES.fullmatch(line.strip())
        if not (found and found[1] in OPTIONAL and not values.get(found[1])):
            lines.append(line)
    text = "\n".join(lines)

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if given := values.get(name, ""):
            return given
        missing.append(name)
        return BLANK

    return _BRACES.sub(value, text), list(dict.fromkeys(missing))

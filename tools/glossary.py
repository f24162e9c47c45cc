"""The table of acts in docs/terms.md, from the sentences of the record of acts.

Usage: python tools/glossary.py
"""

import os
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "terms.md"
PO = ROOT / "src" / "tafahom" / "locale" / "fa" / "LC_MESSAGES" / "django.po"
MARK = "<!-- acts -->\n"


def acts() -> str:
    """Return the table: code, English, Persian."""
    from django.utils import translation

    from tafahom.audit.acts import described_acts

    # Not the compiled catalogue: that may be of yesterday.
    persian = {entry.msgid: entry.msgstr for entry in polib.pofile(str(PO))}
    rows = ["| in code | English | on screen |", "| --- | --- | --- |"]
    with translation.override("en"):
        for code, sentence in sorted(described_acts().items()):
            rows.append(f"| `{code}` | {sentence} | {persian[str(sentence)]} |")
    return "\n".join(rows) + "\n"


def page(text: str) -> str:
    """Return the page with the table of now, which is its end."""
    return f"{text.partition(MARK)[0]}{MARK}\n{acts()}"


def main() -> int:
    """Write the page."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    import django

    django.setup()
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

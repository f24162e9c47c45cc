"""The table of acts in docs/terms.md, from the sentences of the record of acts.

Usage: python tools/glossary.py
"""

import os
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "terms.md"
MARK = "<!-- acts -->\n"


def acts() -> str:
    """Return the table: code, English, Persian."""
    from django.utils import translation

    from tafahom.web.acts import ACTS

    rows = ["| in code | English | on screen |", "| --- | --- | --- |"]
    for code, sentence in sorted(ACTS.items()):
        said = []
        for language in ("en", "fa"):
            with translation.override(language):
                said.append(str(sentence))
        rows.append(f"| `{code}` | {said[0]} | {said[1]} |")
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

"""Translations without GNU gettext: extract, merge, compile and check, in Python.

Usage: python tools/messages.py update [FILE.json …] | compile | check
`update` may be given JSON files {"English": "Persian" or ["Persian", …]} to merge.
"""

import io
import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "tafahom"
PO = SOURCE / "locale" / "fa" / "LC_MESSAGES" / "django.po"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Message = tuple[str, str, str]  # context, singular, plural ("" where there is none)


def _python_of(path: Path) -> bytes:
    """Python source as it is; a template turned into the calls that it stands for."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return text.encode()
    from django.utils.translation.template import templatize

    # What is not a message becomes X's, indented as the page is; Python would mind.
    lines = templatize(text, origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def _keywords_of(source: bytes) -> dict[str, Any]:
    """The calls that ask for messages, by the names that a file has imported them under."""
    imported = re.findall(rb"\b(n?p?gettext\w*) as (\w+)", source)
    return KEYWORDS | {alias.decode(): KEYWORDS[name.decode()] for name, alias in imported}


def _messages_of(path: Path) -> Iterator[tuple[Message, int]]:
    source = _python_of(path)
    for line, found, _comments, context in extract(
        "python", io.BytesIO(source), _keywords_of(source), options={"encoding": "utf-8"}
    ):
        parts = found if isinstance(found, tuple) else (found,)
        parts = tuple(p for p in parts if p)
        if parts:
            yield (context or "", parts[0], parts[1] if len(parts) > 1 else ""), line


def messages_in_source() -> dict[Message, list[str]]:
    """Every message that code or a template asks for, with the files that do."""
    found: dict[Message, list[str]] = {}
    for pattern in ("*.py", "*.html", "*.txt"):
        for path in sorted(SOURCE.rglob(pattern)):
            if "migrations" in path.parts or (
                path.suffix == ".txt" and "templates" not in path.parts
            ):
                continue
            for message, _line in _messages_of(path):
                found.setdefault(message, []).append(str(path.relative_to(ROOT)))
    return found


def _catalogue() -> polib.POFile:
    if PO.exists():
        return polib.pofile(str(PO))
    catalogue = polib.POFile(wrapwidth=99)
    catalogue.metadata = {
        "Language": "fa",
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    return catalogue


def _given(paths: list[str]) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for path in paths:
        for message, translation in json.loads(Path(path).read_text(encoding="utf-8")).items():
            given[message] = translation if isinstance(translation, list) else [translation]
    return given


def update(paths: list[str]) -> None:
    """Bring the catalogue in step with the source, keeping and adding translations."""
    given = _given(paths)
    old = {(e.msgctxt or "", e.msgid): e for e in _catalogue()}
    new = _catalogue()
    new.clear()
    for (context, singular, plural), files in sorted(messages_in_source().items()):
        before = old.get((context, singular))
        entry = polib.POEntry(
            msgid=singular,
            msgctxt=context or None,
            occurrences=[(f, "") for f in sorted(set(files))],
        )
        texts = given.get(singular)
        if "%" in singular:
            entry.flags = ["python-format"]
        if plural:
            entry.msgid_plural = plural
            kept = before.msgstr_plural if before and before.msgstr_plural else {0: "", 1: ""}
            entry.msgstr_plural = {0: texts[0], 1: texts[-1]} if texts and not kept[0] else kept
        else:
            kept_text = before.msgstr if before else ""
            entry.msgstr = kept_text or (texts[0] if texts else "")
        new.append(entry)
    PO.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(PO))
    print(f"{len(new)} messages, {len(new.untranslated_entries())} untranslated")


def compile_catalogue() -> None:
    """Write the binary catalogue that Django reads, unless it is newer than its source."""
    target = PO.with_suffix(".mo")
    if PO.exists() and (not target.exists() or target.stat().st_mtime <= PO.stat().st_mtime):
        polib.pofile(str(PO)).save_as_mofile(str(target))
        target.chmod(0o644)  # whoever installs it, the account of the service reads it


def check() -> int:
    """Name what is missing, untranslated or no longer asked for; 0 when there is nothing."""
    catalogue = {(e.msgctxt or "", e.msgid): e for e in _catalogue()}
    wanted = {(context, singular) for context, singular, _plural in messages_in_source()}
    problems = [f"not in the catalogue: {m!r}" for m in sorted(wanted - set(catalogue))]
    problems += [f"no longer used: {m!r}" for m in sorted(set(catalogue) - wanted)]
    problems += [
        f"not translated: {key!r}"
        for key, entry in sorted(catalogue.items())
        if not entry.translated()
    ]
    print("\n".join(problems) or "translations complete")
    return 1 if problems else 0


def main() -> int:
    """Do what the first argument says."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    import django

    django.setup()
    verb, *rest = sys.argv[1:] or ["check"]
    if verb == "update":
        update(rest)
        return 0
    if verb == "compile":
        compile_catalogue()
        return 0
    return check()


if __name__ == "__main__":
    raise SystemExit(main())

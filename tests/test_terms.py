"""The glossary has every table and act, with the words of the pages; a class name is one thing."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
from django.apps import apps
from django.utils import translation
from tools import glossary

SOURCE = Path(__file__).resolve().parents[1] / "src" / "tafahom"
PAGE = glossary.PAGE.read_text(encoding="utf-8")
FRAMEWORKS = {"Command", "Meta"}  # asked for by name


def test_every_table_is_in_the_glossary() -> None:
    with translation.override("en"):
        tables = [
            (app.label, model.__name__, str(model._meta.verbose_name))
            for app in apps.get_app_configs()
            for model in sorted(app.get_models(), key=lambda model: model.__name__)
            if model.__module__.startswith("tafahom.")
        ]
    assert re.findall(r"^\| (\w+) \| `(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE) == tables


def test_its_persian_is_what_pages_say() -> None:
    said = "\n".join(
        text
        for entry in polib.pofile(str(glossary.PO))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    )
    words = re.findall(r"^\| \w+ \| `\w+` \| [^|]+ \| ([^|]+) \|$", PAGE, re.MULTILINE)
    assert len(words) > 60
    assert [word for word in words if word != "—" and word not in said] == []


def test_every_act_is_in_the_glossary() -> None:
    assert glossary.page(PAGE) == PAGE, "run python tools/glossary.py"


def names_of(path: Path) -> Iterator[str]:
    """Classes of a module, and the types that it gives a name; type variables are not counted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if value:
                is_variable = isinstance(value, ast.Call)
            case ast.AnnAssign(target=ast.Name(id=name)):
                is_variable = False
            case _:
                continue
        if not is_variable and re.match(r"[A-Z]\w*[a-z]", name):
            yield name


def test_a_type_has_a_name_of_its_own() -> None:
    places = defaultdict(list)
    for path in SOURCE.rglob("*.py"):
        for name in names_of(path) if "migrations" not in path.parts else ():
            if name not in FRAMEWORKS:
                places[name].append(str(path.relative_to(SOURCE)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}

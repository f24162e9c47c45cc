"""Lower floors name nothing of the upper ones: not in imports (import-linter), not in strings either."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src/tafahom"
LOOKUP = re.compile(r"-?[a-z][a-z_0-9]*__[a-z_0-9]+")


def floors() -> dict[str, int]:
    """Return the height of each package, by the contract; the lowest is 1."""
    linter = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = linter["contracts"][0]["layers"]
    return {
        name.strip(): len(layers) - place
        for place, layer in enumerate(layers)
        for name in layer.split("|")
    }


FLOORS = floors()


def height(model: type[Model]) -> int:
    """Return the floor of a model; 0 for one that is not ours."""
    package, _dot, rest = model.__module__.partition(".")
    return FLOORS[rest.split(".")[0]] if package == "tafahom" else 0


@cache
def upper_tables() -> dict[str, int]:
    """Return names of our tables, and of models with their apps, with their floors."""
    found = {}
    for model in apps.get_models():
        if height(model):
            found[model._meta.db_table] = found[model._meta.label] = height(model)
    return found


@cache
def ways_up() -> dict[str, int]:
    """Return the names by which rows of a floor lead up, with the lowest floor they lead to.

    A name that is a column of some table too ("digest") says nothing.
    """
    columns = {field.name for model in apps.get_models() for field in model._meta.fields}
    found: dict[str, int] = {}
    for model in apps.get_models():
        for relation in model._meta.related_objects:
            upper = height(relation.related_model)
            names = {relation.name, str(relation.get_accessor_name())} - columns
            for name in names if height(model) and upper > height(model) else ():
                found[name] = min(upper, found.get(name, upper))
    return found


def words(tree: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Yield line, text and whether it is an attribute, of what a module says besides docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.lineno, node.value, False
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.value.lineno, node.arg, False
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr, True


def looks_up(text: str, floor: int, *, is_attribute: bool) -> list[str]:
    """Return what a word names of a floor above this one."""
    ways = ways_up()
    if is_attribute:
        return [text] if ways.get(text, 0) > floor else []
    said = re.findall(r"\w+\.\w+|\w+", text) if "_" in text or "." in text else []
    named = [word for word in said if upper_tables().get(word, 0) > floor]
    if LOOKUP.fullmatch(text):
        named += [one for one in text.strip("-").split("__") if ways.get(one, 0) > floor]
    if floor < FLOORS["web"] and text.startswith("web:"):
        named.append(text)
    return named


@pytest.mark.parametrize("package", sorted(FLOORS.keys() - {"config"}))
def test_no_floor_names_what_is_above_it(package: str) -> None:
    mistakes = []
    for file in sorted((SOURCE / package).rglob("*.py")):
        if "migrations" in file.parts:
            continue
        mistakes += [
            f"{file.relative_to(SOURCE)}:{line} {name}"
            for line, text, is_attribute in words(ast.parse(file.read_text()))
            for name in looks_up(text, FLOORS[package], is_attribute=is_attribute)
        ]
    assert mistakes == []


@pytest.mark.parametrize(
    ("text", "is_attribute", "named"),
    [
        ("SELECT 1 FROM training_course c", False, ["training_course"]),
        ("training.Course", False, ["training.Course"]),
        ("enrolments__course__uid", False, ["enrolments"]),
        ("enrolments", True, ["enrolments"]),
        ("web:home", False, ["web:home"]),
        ("parties_centre", False, []),
        ("centre__province", False, []),
        ("enrolments", False, []),
    ],
)
def test_what_is_above_is_recognised(text: str, is_attribute: bool, named: list[str]) -> None:
    found = looks_up(text, FLOORS["people"], is_attribute=is_attribute)
    assert found == named

"""Wings of pages: nothing loose beside them, and none reaches into one above or beside it."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "tafahom" / "web"
USED = re.compile(r"""["'](\w+)/[\w./-]+\.(?:html|css|js|svg)["']""")
READ = {".html", ".css", ".js", ".py"}


def floors() -> list[set[str]]:
    """The wings that stand beside each other, the highest first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["containers"] == ["tafahom.web"])
    return [set(layer.split(" | ")) for layer in layers]


def uses() -> Iterator[tuple[str, str, str]]:
    """Yield wing, file and the wing whose template or file it names."""
    names = set().union(*floors())
    for path in sorted(WEB.rglob("*")):
        wing = path.relative_to(WEB).parts[0]
        if path.suffix in READ:
            for used in USED.findall(path.read_text(encoding="utf-8")):
                if used in names - {wing} and (WEB / used / "templates").exists():
                    yield wing, path.name, used


def test_web_has_no_module_outside_a_wing_or_the_shell() -> None:
    assert [path.name for path in WEB.glob("*.py")] == ["__init__.py"]
    folders = {path.parent.name for path in WEB.glob("*/__init__.py")}
    assert folders == set().union(*floors())


def test_templates_and_files_of_a_wing_are_used_from_above_only() -> None:
    height = {wing: -depth for depth, floor in enumerate(floors()) for wing in floor}
    found = list(uses())
    assert len(found) > 100
    assert [use for use in found if height[use[0]] <= height[use[2]]] == []


# Their reads have still to sink into the apps whose rows they are.
STILL_READING = {"sign_in"}  # allauth's tables, as its adapters and forms are asked to
READS = re.compile(r"\.(?:objects|_default_manager|_base_manager)\b")


def test_wings_read_through_the_apps_that_own_the_rows() -> None:
    reading = {
        path.relative_to(WEB).parts[0]
        for path in WEB.rglob("*.py")
        if READS.search(path.read_text(encoding="utf-8"))
    }
    assert reading == STILL_READING

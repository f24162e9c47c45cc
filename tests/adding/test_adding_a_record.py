"""docs/development/adding-a-record.md, done: its blocks in a copy of the house, and used."""

import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

import schema

ROOT = Path(__file__).parents[2]
GUIDE = ROOT / "docs/development/adding-a-record.md"
BLOCK = re.compile(r'^ *```\w+ title="([^"]+)"\n(.*?)^ *```$', re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^ *\| `([^`]+)`[^|`]*(after|before) `([^`]+)` \| `([^`]+)` \|$", re.MULTILINE)


def house(folder: Path) -> dict[str, str]:
    """Copy the house, add what the guide says, and return the environment in which it runs."""
    left_out = shutil.ignore_patterns("__pycache__", "*.pyc")
    shutil.copytree(ROOT / "src/tafahom", folder / "src/tafahom", ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", folder)
    guide = GUIDE.read_text(encoding="utf-8")
    for name, block in BLOCK.findall(guide):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        (file.parent / "__init__.py").touch()
        file.write_text(textwrap.dedent(block), encoding="utf-8")
    for name, where, beside, line in LINE.findall(guide):
        _insert(folder / name, line, where=where, beside=beside)
    data = folder / "data"
    schema.copy_to(data / "tafahom.sqlite3")
    return os.environ | {
        "PYTHONPATH": f"{folder / 'src'}{os.pathsep}{ROOT / 'tests'}",
        "TAFAHOM_DATA_DIR": str(data),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "suite_settings",
        "TAFAHOM_MFA_REQUIRED": "0",
    }


def _insert(file: Path, line: str, *, where: str, beside: str) -> None:
    """Put a line after or before the first that begins with another, as far in as that."""
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    at = next(at for at, one in enumerate(lines) if one.strip().startswith(beside))
    indent = lines[at][: len(lines[at]) - len(lines[at].lstrip())]
    lines.insert(at + (where == "after"), f"{indent}{line}\n")
    file.write_text("".join(lines), encoding="utf-8")


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    folder = tmp_path_factory.mktemp("house")
    return folder, house(folder)


@pytest.fixture(scope="module")
def seen(added: tuple[Path, dict[str, str]]) -> dict[str, Any]:
    """What `use_visits` sees of a visit."""
    folder, environment = added
    script = Path(__file__).with_name("use_visits.py")
    done = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_the_guide_has_a_dozen_steps_and_four_lines() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert len(re.findall(r"^\d+\. ", guide, re.MULTILINE)) == 12
    assert len(LINE.findall(guide)) == 4


def test_floors_are_kept(added: tuple[Path, dict[str, str]]) -> None:
    folder, environment = added
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=folder, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()


def test_its_code_is_in_the_style_of_the_house(added: tuple[Path, dict[str, str]]) -> None:
    folder, _environment = added
    ruff = Path(sys.executable).with_name("ruff")
    new = [folder / "src/tafahom/visits", folder / "src/tafahom/web/visits"]
    for act in (["check", "--no-cache", "--exclude", "migrations"], ["format", "--check"]):
        done = subprocess.run(
            [str(ruff), *act, *map(str, new)], cwd=folder, capture_output=True, check=False
        )
        assert done.returncode == 0, done.stdout.decode()


def test_it_has_pages_in_the_menu(seen: dict[str, Any]) -> None:
    assert seen["list"] == 200
    assert seen["listed"]
    assert seen["in_menu"]


def test_its_acts_open_to_the_roles_of_its_row(seen: dict[str, Any]) -> None:
    assert seen["reads"] == {"planner": 200, "centre_clerk": 200, "other_clerk": 404}
    assert seen["corrects"] == {"planner": 302, "centre_clerk": 404, "other_clerk": 404}


def test_a_refusal_has_its_sentence(seen: dict[str, Any]) -> None:
    assert seen["refused"].startswith("A course is visited while it lasts")


def test_its_history_and_acts_are_kept(seen: dict[str, Any]) -> None:
    assert seen["history"] == 200
    assert seen["words"] == {"old": True, "new": True}
    assert seen["act"] == "corrected the finding of a visit"
    assert seen["target"] == {"name": "جوشکاری", "is_linked": True}


def test_a_closed_month_holds_it_fast(seen: dict[str, Any]) -> None:
    assert seen["closed"] == {"by_act": True, "by_sql": True}
    assert seen["kept_in_field"]

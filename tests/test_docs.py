"""What the documentation points at and shows is there; each claim of the threat model has its proof."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools import entity_diagram

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "bench" / "README.md"])
PATH = re.compile(r"`((?:tests|src|bench|tools|deploy)/[\w./-]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
# Some proofs are commands of the Makefile.
PROOF = re.compile(r"`(tests/[\w./-]+|test_\w+\.py|make \w+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_what_a_page_points_at_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [ROOT / path for path in PATH.findall(text)]
    linked = [page.parent / path for path in LINK.findall(text)]
    # A module of tests may be named without its ending.
    missing = [
        str(one)
        for one in named + linked
        if not one.exists() and not one.with_suffix(".py").exists()
    ]
    assert missing == []


def claims() -> Iterator[tuple[str, str]]:
    """Yield threat and proof of each row of the table of defences."""
    text = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    table = text.partition("## What stands against it")[2].partition("\n## ")[0]
    for row in re.findall(r"^\|(.+)\|$", table, re.MULTILINE)[2:]:
        threat, _defence, proof = (cell.strip() for cell in row.split(" | "))
        yield threat, proof


def test_each_claim_names_its_proof() -> None:
    rows = list(claims())
    assert len(rows) > 30
    assert [threat for threat, proof in rows if not PROOF.search(proof)] == []


def test_the_picture_of_floors_is_the_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = contracts["tool"]["importlinter"]["contracts"][0]["layers"]
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    picture = page.split("```")[1].strip().splitlines()
    assert [re.split(r" {2,}", line)[0] for line in picture] == layers


def test_the_places_that_newcomers_look_for_exist() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = page.split("## Where things are")[1].split("\n## ")[0]
    places = re.findall(r"^\| [^|`]+ \| `([^`]+)`", table, re.MULTILINE)
    assert len(places) >= 20
    source = ROOT / "src" / "tafahom"
    assert [place for place in places if "<" not in place and not (source / place).exists()] == []


def test_the_drawing_of_tables_is_in_step() -> None:
    text = entity_diagram.PAGE.read_text(encoding="utf-8")
    assert text == entity_diagram.page(), "run python tools/entity_diagram.py"


DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
MARKS = ("**Decision.**", "**Why", "**What would change it.**")


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [page.name[:4] for page in DECISIONS] == [
        f"{number:04}" for number in range(1, len(DECISIONS) + 1)
    ]
    listed = (ROOT / "docs" / "decisions" / "index.md").read_text(encoding="utf-8")
    titles = [page.read_text(encoding="utf-8").partition("\n")[0] for page in DECISIONS]
    lines = [f"- [{title[2:]}]({page.name})" for title, page in zip(titles, DECISIONS, strict=True)]
    assert re.findall("^- .*$", listed, re.MULTILINE) == lines


@pytest.mark.parametrize("page", DECISIONS, ids=lambda page: page.stem)
def test_a_decision_says_what_why_and_until_when(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith(f"# {page.name[:4]} ")
    assert [mark for mark in MARKS if mark not in text] == []

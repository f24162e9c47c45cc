"""What the documentation points at is there, and each claim of the threat model has its proof."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

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

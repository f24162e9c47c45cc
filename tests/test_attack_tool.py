"""``make attack`` goes as far as the tests can."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))

from attack import ATTACKS  # noqa: E402 - a tool, not a package

LENGTH = re.compile(r"int\(os\.environ\.get\(\"(TAFAHOM_\w+)\"")
# Chooses which moments, not how many.
SEEDS = {"TAFAHOM_CHANCE"}


def test_it_runs_tests_that_are_there() -> None:
    tests = {test for attack in ATTACKS.values() for test in attack.tests}
    assert [test for test in tests if not (ROOT / test).exists()] == []


def test_whatever_can_be_made_longer_is_made_longer_by_it() -> None:
    found = {
        name
        for file in (ROOT / "tests").rglob("*.py")
        for name in LENGTH.findall(file.read_text(encoding="utf-8"))
    }
    lengths = {name for attack in ATTACKS.values() for name in attack.lengths}
    assert found
    assert found - SEEDS <= lengths

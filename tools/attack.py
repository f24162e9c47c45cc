"""The long attacks, before a release: ``make attack``, or ``python tools/attack.py [NAME…]``.

Each is tests that run in small with every change, at their full length, on SQLite and on a
PostgreSQL of their own. Their counts are added to ``var/attacks.txt``, or to the file that
``TAFAHOM_ATTACKS_REPORT`` names. A variable that is set already (``TAFAHOM_KILLS=30``) stays.
"""

import argparse
import os
import sys
import time
from dataclasses import dataclass, field
from functools import partial

from run_tests import ROOT, pytest, pytest_on_postgresql


@dataclass(frozen=True, slots=True)
class Attack:
    """Tests, and how long they go on; ``databases`` are those that they concern."""

    tests: tuple[str, ...]
    lengths: dict[str, str] = field(default_factory=dict)
    databases: tuple[str, ...] = ("SQLite", "PostgreSQL")


ATTACKS = {
    "tampering": Attack(("tests/audit",), {"TAFAHOM_TAMPERINGS": "1000"}),
    "kills": Attack(
        (
            "tests/robustness/test_kills.py",
            "tests/robustness/test_worker.py",
            "tests/operations/test_worker_watched.py",
        ),
        {"TAFAHOM_KILLS": "300"},
    ),
    "servers": Attack(
        ("tests/robustness/test_postmaster.py",),
        {"TAFAHOM_KILLS": "300"},
        databases=("PostgreSQL",),
    ),
    "races": Attack(("tests/robustness/test_race.py", "tests/robustness/test_uploads.py")),
    "closed-months": Attack(("tests/periods",), {"TAFAHOM_WALKS": "200"}),
    "disclosure": Attack(("tests/figures/disclosure",), {"TAFAHOM_YEARS": "200"}),
    "walls": Attack(("tests/scoping", "tests/attacks", "tests/web/test_matrix.py")),
    "keys": Attack(("tests/operations/test_rotation.py",), {"TAFAHOM_ROTATIONS": "20"}),
}


def main() -> int:
    """Exit status 0 only when all that was attacked held."""
    parser = argparse.ArgumentParser(prog="tools/attack.py", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ATTACKS))
    parser.add_argument("--database", choices=("SQLite", "PostgreSQL"), help="one of the two")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(ATTACKS):
        parser.error(f"no such attack: {', '.join(sorted(unknown))}")
    report = os.environ.setdefault("TAFAHOM_ATTACKS_REPORT", str(ROOT / "var" / "attacks.txt"))
    failed = [
        f"{name} on {database}"
        for name in asked.names or ATTACKS
        for database in ATTACKS[name].databases
        if asked.database in (None, database) and not held(name, database)
    ]
    print(f"counts: {report}")
    print("all held" if not failed else f"broken: {', '.join(failed)}")
    return int(bool(failed))


def held(name: str, database: str) -> bool:
    """Whether an attack, at its full length, came to nothing on one database."""
    attack = ATTACKS[name]
    print(f"== {name} on {database}", flush=True)
    begun = time.monotonic()
    lengths = {key: os.environ.get(key, value) for key, value in attack.lengths.items()}
    run = partial(pytest, "") if database == "SQLite" else pytest_on_postgresql
    failed = run(list(attack.tests), **lengths)
    print(f"   {name} on {database}: {time.monotonic() - begun:.0f} s", flush=True)
    return not failed


if __name__ == "__main__":
    sys.exit(main())

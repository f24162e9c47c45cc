"""What measures the product still runs with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the bench has its own SQLite")
@pytest.mark.parametrize("name", ["report", "agreements"])
def test_it_measures_with_little_data(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", name, "--quick", "--json"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: slower than its limit, on a busy machine
    results = json.loads(done.stdout)["results"]
    assert results
    assert all(result["measured"] > 0 for result in results)

"""What measures the product still runs with it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench.run import MEASUREMENTS
from django.db import connection

import schema

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the bench has its own SQLite")
@pytest.mark.parametrize("name", MEASUREMENTS)
def test_it_measures_with_little_data(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.run", name, "--quick", "--json"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src"), "BENCH_TABLES": str(schema.file())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)["results"]
    assert results
    for result in results:
        assert result["measured"] > 0, result
        assert result["limit"] > 0, result
        assert result["floor"] is None or result["floor"] > 0, result
        assert result["unit"] != "×" or result["ratio"] > 0, result

"""Small odd rosters as offices send them: each gives a right figure, or names what it leaves out."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shared import SHARED

ODD = SHARED / "rosters" / "odd" if SHARED else Path("/nonexistent")
EXPECT: dict[str, dict[str, Any]] = (
    json.loads((ODD / "expect.json").read_text(encoding="utf-8")) if SHARED else {}
)
QUIET = {"header.unknown_column"}  # a column that was left out says nothing of rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(SHARED is None, reason="the shared rosters are not beside the checkout"),
]


def ask(command: str, *arguments: object) -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):  # rows were rejected, or all of them
        call_command(command, *map(str, arguments), stdout=out)
    document: dict[str, Any] = json.loads(out.getvalue())
    return document


def matching(total: dict[str, Any], want: dict[str, Any]) -> int:
    """Which of the acceptable totals this is; -1 for none, or for one that must never be."""
    if any(total[measure] == value for measure, value in want.get("never", {}).items()):
        return -1
    for place, accepted in enumerate(want["ok"]):
        if all(total[measure] == value for measure, value in accepted.items()):
            return place
    return -1


@pytest.mark.parametrize("name", EXPECT)
def test_its_figures_are_right_or_each_row_left_out_is_named(name: str) -> None:
    assert SHARED
    want = EXPECT[name]
    call_command("init")
    for kind in ("partners", "agreements"):
        path = SHARED / "rosters" / "alborz" / f"{kind}.csv"
        call_command("load", kind, path, stdout=io.StringIO())
    if own := want.get("agreements"):
        call_command("load", "agreements", ODD / own, stdout=io.StringIO())
    [file] = ask("roster", "import", ODD / name, "--json")["files"]
    question = ["--year", want.get("year", 1397), "--through", 12, "--format", "json", *want.get("extra", [])]  # fmt: skip
    total = ask("report", *question)["total"]
    place = matching(total, want)
    told = {problem["code"] for problem in file["errors"] + file["warnings"]}
    assert place >= 0, ({measure: total[measure] for measure in want["ok"][0]}, told)
    assert place == 0 or file["errors"] or told - QUIET, "left out without a word"
    assert sum(file["accounted"].values()) >= file["rows"] == file["accepted"] + file["rejected"]
    if place == 0:
        for dimension, groups in want.get("by", {}).items():
            key = "code" if dimension == "month" else "name"
            rows = ask("report", *question, "--by", dimension)["rows"]
            found = {row[dimension][key]: row for row in rows}
            for group, values in groups.items():
                assert {m: found[group][m] for m in values} == values, group
        assert not want.get("tells") or told & set(want["tells"])
    for dimension, group in want.get("by_not", {}).items():
        rows = ask("report", *question, "--by", dimension)["rows"]
        assert file["warnings"] or group not in {row[dimension]["name"] for row in rows}
    if "errors" in want:
        assert len({(e["sheet"], e["row"]) for e in file["errors"]}) == want["errors"]
    if "value_has" in want:
        assert any(want["value_has"] in str(e["value"]) for e in file["errors"])
    assert not want.get("tells_any") or told

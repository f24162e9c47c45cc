"""Templates can be read: their lines fit on a screen."""

from pathlib import Path

LONGEST = 120
SOURCE = Path(__file__).resolve().parents[1] / "src"


def test_lines_of_templates_are_short() -> None:
    long = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in SOURCE.rglob("*.html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if len(line) > LONGEST
    ]
    assert long == []

"""The optional folder of realistic rosters beside the checkout."""

from pathlib import Path

_folder = Path(__file__).resolve().parents[2] / "shared"
SHARED: Path | None = _folder if (_folder / "rosters").is_dir() else None

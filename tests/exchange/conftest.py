"""An agreement to train under, and a folder for rosters."""

from pathlib import Path

import pytest

from rosters import prepare
from tafahom.agreements.models import Agreement


@pytest.fixture
def agreement(db: None) -> Agreement:
    """The agreement that the rosters of ``roster_files`` name."""
    return prepare()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where an office put its rosters."""
    place = tmp_path / "rosters"
    place.mkdir()
    return place

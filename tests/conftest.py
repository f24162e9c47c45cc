"""What every test may rely on."""

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of the test's own: warehouse, uploads and rejects start empty."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT = folder / "uploads"
    return folder

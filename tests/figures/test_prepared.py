"""What an installation has at hand before its first import."""

from pathlib import Path

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_statements_are_compiled_with_the_database(data_dir: Path) -> None:
    call_command("init", verbosity=0)
    assert (data_dir / "warehouse" / "statements.json").is_file()

"""The `tafahom` command: Django's management commands under the product's name."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; exit status 0, 1 (done, with findings) or 2 (nothing done)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    execute_from_command_line(sys.argv)

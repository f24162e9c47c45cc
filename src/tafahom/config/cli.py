"""The `tafahom` command: Django's management commands under the product's name."""

import gc
import os
import sys

import django
from django.core.management import execute_from_command_line


def main() -> None:
    """Run one command; exit status 0, 1 (done, with findings) or 2 (nothing done)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    # What is loaded now stays to the end: looking through it for garbage is a tenth of a start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    execute_from_command_line(sys.argv)

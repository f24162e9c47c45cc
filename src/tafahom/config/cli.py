"""The `tafahom` command: Django's management commands under the product's name."""

import gc
import os
import sqlite3
import sys

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import Error, IntegrityError

from tafahom.periods.rules import PeriodClosedError
from tafahom.persian.terminal import VisibleText
from tafahom.scoping import everything

# What makes or moves tables is done by their owner, where the service has a login of its own.
OWNERS_COMMANDS = frozenset({"init", "migrate", "backup", "restore"})


def main() -> None:
    """Run one command; exit status 0, 1 (done, with findings) or 2 (nothing done)."""
    # Names of files and words of others come out as text, and so do our colours: there are none.
    sys.stdout, sys.stderr = VisibleText(sys.stdout), VisibleText(sys.stderr)
    os.environ.setdefault("DJANGO_COLORS", "nocolor")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    if OWNERS_COMMANDS.intersection(sys.argv[1:2]):
        os.environ["TAFAHOM_AS_OWNER"] = "true"
    # What is loaded now stays to the end: looking through it for garbage is a tenth of a start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    if settings.UNREADABLE:
        from tafahom.operations.startup import unreadable  # needs the apps

        sys.stderr.write("\n".join(unreadable()) + "\n")
        raise SystemExit(2)
    try:
        with everything("who may run commands has the whole database"):
            execute_from_command_line(sys.argv)
    except (IntegrityError, PeriodClosedError) as error:
        from tafahom.periods.messages import closed_sentence, refusal_in  # needs the apps

        if (refusal := refusal_in(error)) is None:
            raise
        sys.stderr.write(closed_sentence(refusal) + "\n")
        raise SystemExit(2) from error
    except (Error, sqlite3.Error) as error:
        from tafahom.operations.database_faults import sentence as said_of  # needs the apps

        if (told := said_of(error)) is None:
            raise
        sys.stderr.write(told + "\n")
        raise SystemExit(2) from error


if __name__ == "__main__":
    main()

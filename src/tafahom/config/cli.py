"""The `tafahom` command: Django's management commands under the product's name."""

import gc
import os
import sys

import django
from django.core.management import execute_from_command_line
from django.db import IntegrityError, OperationalError, ProgrammingError, connection
from django.utils.translation import gettext as _

from tafahom.periods.rules import PeriodClosedError
from tafahom.scoping import everything

# What makes or moves tables is done by their owner, where the service has a login of its own.
OWNERS_COMMANDS = frozenset({"init", "migrate", "backup", "restore"})


def main() -> None:
    """Run one command; exit status 0, 1 (done, with findings) or 2 (nothing done)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    if OWNERS_COMMANDS.intersection(sys.argv[1:2]):
        os.environ["TAFAHOM_AS_OWNER"] = "true"
    # What is loaded now stays to the end: looking through it for garbage is a tenth of a start.
    gc.disable()
    django.setup()
    gc.freeze()
    gc.enable()
    try:
        with everything("who may run commands has the whole database"):
            execute_from_command_line(sys.argv)
    except (IntegrityError, PeriodClosedError) as error:
        from tafahom.periods.messages import refusal_in, sentence  # needs the apps

        if (refusal := refusal_in(error)) is None:
            raise
        sys.stderr.write(sentence(refusal) + "\n")
        raise SystemExit(2) from error
    except (OperationalError, ProgrammingError) as error:
        if _is_prepared():
            raise
        sys.stderr.write(_("The database is not prepared: run “tafahom init” first.") + "\n")
        raise SystemExit(2) from error


def _is_prepared() -> bool:
    """Whether the tables are there; a database that can not be reached is another matter."""
    try:
        return "parties_province" in connection.introspection.table_names()
    except OperationalError:
        return True


if __name__ == "__main__":
    main()

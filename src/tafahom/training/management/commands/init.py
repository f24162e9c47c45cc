"""`tafahom init`: database and reference data, ready for the first registry."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from tafahom.access.accounts.actions import note_credentials
from tafahom.agreements.texts.templates import load_templates
from tafahom.parties.actions import load_reference_data as load_parties
from tafahom.people import keyring
from tafahom.people.models import Identity
from tafahom.scoping import everything
from tafahom.training.actions import load_reference_data as load_training


class Command(BaseCommand):
    """Migrates and adds what is missing: reference data, keys, marks of passwords of before.

    Safe to repeat.
    """

    help = "Prepare the database and load reference data (no demonstration data)."
    # Pages are none of its business: no need to load them all to check them.
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Progress goes to standard error; nothing is printed on standard output."""
        call_command("migrate", interactive=False, verbosity=0)
        created = load_parties() + load_training() + load_templates()
        _make_keys()
        note_credentials()
        if options["verbosity"]:
            self.stderr.write(f"Database ready; {created} reference records added.")


def _make_keys() -> None:
    """Make the keys of identities where nobody is recorded: a copy can be put away before."""
    with everything("whether anybody is recorded"):
        if not keyring.present() and not Identity.objects.exists():
            keyring.keys()

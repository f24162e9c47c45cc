"""`tafahom invite`: a link to an account, for the first administrator and when none can come in."""

from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils.translation import gettext as _

from tafahom.access.accounts.managing import invite, invite_again
from tafahom.access.models import User
from tafahom.access.rules import CONFINED, Role

NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0, or 2 when nothing was done."""

    help = "Make an account and print the link by which its password is chosen"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a user name, and the role of a new account."""
        roles = [role.value for role in Role if role not in CONFINED]
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", choices=roles, default=Role.ADMINISTRATOR.value)
        parser.add_argument(
            "--again", action="store_true", help="a new link for an account that there is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link alone on standard output."""
        name = options["username"]
        try:
            if options["again"]:
                _invitation, token = invite_again(User.objects.get(username=name), by=None)
            else:
                _invitation, token = invite(username=name, role=Role(options["role"]), by=None)
        except User.DoesNotExist as error:
            said = _("There is no such account.")
            raise CommandError(said, returncode=NOTHING_DONE) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=NOTHING_DONE) from error
        path = reverse("web:invitation", args=[token])
        self.stdout.write(urljoin(settings.ADDRESS, path) if settings.ADDRESS else path)

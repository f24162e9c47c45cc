"""`tafahom invite`: a link to an account, for the first administrator and when none can come in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.access.accounts.asking import invite, renew_link
from tafahom.access.accounts.managing import Link
from tafahom.access.accounts.queries import account_by, waiting_requests
from tafahom.access.models import AccountRequest
from tafahom.access.rules import CONFINED, Role
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.accounts.management.links import add_operator, link_text, operator_of

WAITS, NOTHING_DONE = 1, 2


class Command(BaseCommand):
    """Exit status 0, 1 when a new password waits for a second person, 2 when nothing was done."""

    help = "Make an account and print the link by which its password is chosen"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take a user name, and the role of a new account."""
        roles = [role.value for role in Role if role not in CONFINED]
        parser.add_argument("username", metavar="NAME")
        parser.add_argument("--role", choices=roles, default=Role.ADMINISTRATOR.value)
        parser.add_argument(
            "--again", action="store_true", help="a new link for an account that there is"
        )
        add_operator(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the link alone on standard output."""
        name, operator = options["username"], operator_of(options)
        account = account_by(name)
        if options["again"] and account is None:
            raise CommandError(_("There is no such account."), returncode=NOTHING_DONE)
        try:
            if options["again"] and account:
                made = renew_link(account, by=None, operator=operator)
            else:
                role = Role(options["role"])
                made = invite(username=name, role=role, by=None, operator=operator)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages), returncode=NOTHING_DONE) from error
        except Refusal as error:
            raise CommandError(sentence(error), returncode=NOTHING_DONE) from error
        self._tell(made, name)

    def _tell(self, made: Link | AccountRequest, name: str) -> None:
        if isinstance(made, AccountRequest):
            said = _("Request %s waits for a second person, who is then shown the link.")
            raise CommandError(said % made.uid, returncode=WAITS)
        self.stdout.write(link_text(made))
        for request in waiting_requests().filter(user__username=name):
            said = _("The role waits for a second person: request %s.")
            self.stderr.write(said % request.uid)

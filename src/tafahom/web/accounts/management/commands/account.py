"""`tafahom account`: what two persons decide about accounts, for who works on the machine."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.access.accounts import asking
from tafahom.access.accounts.queries import (
    account_by,
    account_requests,
    roles_to_review,
    waiting_requests,
)
from tafahom.access.models import AccountRequest
from tafahom.privacy.rules import good_reason
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.web.accounts.management.links import add_operator, link_text, operator_of

NOTHING_DONE = 2
WHAT = "list|confirm|refuse|reset-second-step"


class Command(BaseCommand):
    """Exit status 0 all well, 2 nothing done."""

    help = "Accounts: requests that wait, deciding them, taking a second step away"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each thing to do."""
        what = parser.add_subparsers(dest="what", required=True, metavar=WHAT)
        what.add_parser("list", help="requests that wait, and roles not confirmed for half a year")
        confirm = what.add_parser("confirm", help="confirm a request where no account can do so")
        refuse = what.add_parser("refuse", help="refuse a request where no account can do so")
        refuse.add_argument("--note", required=True, help="why not")
        for sub in (confirm, refuse):
            sub.add_argument("request", metavar="ID", help="as `account list` shows it")
        reset = what.add_parser(
            "reset-second-step", help="ask that the second step of an account is taken away"
        )
        reset.add_argument("username", metavar="NAME")
        reset.add_argument("--reason", required=True, help="why; kept in the record of acts")
        for sub in (confirm, refuse, reset):
            add_operator(sub)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        asking.end_lapsed()
        try:
            getattr(self, f"_{options['what'].replace('-', '_')}")(options)
        except Refusal as error:
            raise CommandError(sentence(error), returncode=NOTHING_DONE) from error

    def _list(self, _options: dict[str, Any]) -> None:
        for one in waiting_requests():
            what = one.get_role_display() or one.get_kind_display()
            self.stdout.write(f"{one.uid}  {one.user.username}  {what}  ({one.asker})")
        for held in roles_to_review():
            said = _("Not confirmed for half a year: %(user)s, %(role)s")
            names = {"user": held.user.username, "role": held.get_role_display()}
            self.stdout.write(said % names)

    def _confirm(self, options: dict[str, Any]) -> None:
        link = asking.confirm(_found(options["request"]), by=None, operator=operator_of(options))
        self.stdout.write(link_text(link) if link else _("Confirmed: it is done."))

    def _refuse(self, options: dict[str, Any]) -> None:
        note = good_reason(options["note"])
        operator = operator_of(options)
        asking.refuse(_found(options["request"]), note=note, by=None, operator=operator)
        self.stdout.write(_("The request is refused."))

    def _reset_second_step(self, options: dict[str, Any]) -> None:
        user = account_by(options["username"])
        if user is None:
            raise CommandError(_("There is no such account."), returncode=NOTHING_DONE)
        reason = good_reason(options["reason"])
        waits = asking.take_second_step(user, reason=reason, by=None, operator=operator_of(options))
        if waits:
            said = _("Request %s waits for somebody who may confirm it on the pages.") % waits.uid
        else:
            said = _("The second step was taken away; a new one is set up at the next log-in.")
        self.stdout.write(said)


def _found(uid: str) -> AccountRequest:
    found = account_requests().filter(uid=uid).first()
    if found is None:
        raise CommandError(_("There is no such request."), returncode=NOTHING_DONE)
    return found

"""`tafahom digest`: send the work list to those who asked for it; for cron, once a day."""

import json
import smtplib
import sys
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.desk import tasks
from tafahom.desk.actions import send_digests
from tafahom.jalali import today

WITH_FAILURES, NOTHING_DONE = 1, 2


class Command(BaseCommand):
    """Exit status 0 all sent, 1 some could not be sent, 2 nothing done."""

    help = "Send the work list by e-mail to those who chose it and whose day it is"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--queue", action="store_true", help="leave it to the worker")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send what is due today."""
        if not settings.SENDS_MAIL:
            raise CommandError(
                _("No server of e-mail is set: see EMAIL_URL in the manual."),
                returncode=NOTHING_DONE,
            )
        if options["queue"]:
            tasks.digests.enqueue()
            return
        try:
            told = send_digests(today=today())
        except (OSError, smtplib.SMTPException) as error:
            raise CommandError(
                _("The server of e-mail can not be reached: {error}").format(error=error),
                returncode=NOTHING_DONE,
            ) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(told)))
        else:
            said = _("Sent: {sent}. Nothing to say: {empty}. Not sent: {failed}.")
            self.stdout.write(said.format(**asdict(told)))
        if told.failed:
            sys.exit(WITH_FAILURES)

"""Links that commands print, and who it is that runs them."""

import getpass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.management.base import CommandParser
from django.urls import reverse

from tafahom.access.accounts.managing import Link
from tafahom.access.requests.rules import LONGEST_OPERATOR


def link_text(link: Link) -> str:
    """Return the address behind which a password is chosen: the whole of it where it is known."""
    path = reverse("web:invitation", args=[link[1]])
    return urljoin(settings.ADDRESS, path) if settings.ADDRESS else path


def add_operator(parser: CommandParser) -> None:
    """Take the name of who runs a command: it stands in the record, nothing proves it."""
    parser.add_argument(
        "--operator", default="", metavar="NAME", help="who you are; else the log-in of the machine"
    )


def operator_of(options: dict[str, Any]) -> str:
    """Return who runs a command, as they say or as the machine knows them."""
    try:
        name = options["operator"] or getpass.getuser()
    except (KeyError, OSError):  # a service without a log-in
        name = "root"
    return str(name)[:LONGEST_OPERATOR]

"""``tafahom report``: the figures of a period, on the terminal or in a file."""

import argparse
import datetime as dt
import json
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.access.queries import scope_as
from tafahom.access.rules import Act, Role
from tafahom.figures.catalogue import DIMENSIONS
from tafahom.figures.queries import figures
from tafahom.figures.rules import ATTRIBUTIONS, BASES, FigureError
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import parse_date
from tafahom.parties.models import NamedRecord, Partner, Province
from tafahom.persian import normal_key
from tafahom.reports.definitions import figures_table
from tafahom.scoping import Scope, current_scope, scoped_to

USAGE_ERROR = 2
Named = TypeVar("Named", bound=NamedRecord)


class Command(BaseCommand):
    help = "Figures of a period: who was trained, with whom, how much and to what effect"
    # The system checks load every page and form, which costs more than the report itself.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--year", type=int, required=True, help="Solar Hijri year, such as 1397")
        add("--from", type=int, default=1, dest="from_month", metavar="M", help="first month")
        add("--through", type=int, required=True, dest="through_month", metavar="M")
        add("--by", action="append", default=[], metavar="DIM", help=", ".join(DIMENSIONS))
        add("--where", action="append", default=[], metavar="DIM=VALUE", type=_pair)
        add("--basis", choices=BASES, default="attended")
        add("--attribution", choices=ATTRIBUTIONS, default="end")
        add("--compare", choices=["last-year"])
        add("--role", choices=list(Role), help="answer as somebody in this role is answered")
        add("--province", metavar="NAME", help="the role's province")
        add("--partner", metavar="NAME", help="the role's partner")
        add("--as-of", metavar="DATE", help="needs releases; today's date only for now")
        add("--format", choices=["table", "json", "csv", "xlsx", "pdf"], default="table")
        add("-o", "--output", type=Path, metavar="FILE", help="standard output when not given")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print or write the report; exit status 2 with a message when it can not be made."""
        _check_as_of(options["as_of"])
        query = FigureQuery(
            year=options["year"],
            from_month=options["from_month"],
            through_month=options["through_month"],
            by=tuple(options["by"]),
            where=tuple(options["where"]),
            basis=options["basis"],
            attribution=options["attribution"],
            compare_last_year=options["compare"] == "last-year",
        )
        scope = _scope(options["role"], options["province"], options["partner"])
        try:
            with scoped_to(scope):
                document = _document(query, options["format"])
        except FigureError as error:
            raise _refused(str(error)) from error
        self._put(document, options["output"])

    def _put(self, document: bytes, output: Path | None) -> None:
        if output is None:
            binary = getattr(self.stdout, "buffer", None)
            if binary is None:
                self.stdout.write(document.decode(), ending="")
            else:
                binary.write(document)
            return
        try:
            output.write_bytes(document)
        except OSError as error:
            raise _refused(str(error)) from error


def _scope(role: str | None, province: str | None, partner: str | None) -> Scope:
    """Return what may be seen: all that the command may see, or what somebody in a role may."""
    if role is None:
        if province or partner:
            raise _refused(_("A province or partner is that of a role: give --role too."))
        return current_scope()
    try:
        scope = scope_as(
            Role(role),
            Act.SEE_FIGURES,
            province=_named(Province, province),
            partner=_named(Partner, partner),
        )
    except ValueError as error:
        message = _("Nobody is given the role “{role}” for that part.")
        raise _refused(message.format(role=role)) from error
    if scope.is_nothing:
        raise _refused(_("The role “{role}” sees no figures.").format(role=role))
    return scope


def _named(model: type[Named], name: str | None) -> Named | None:
    """Return the record of a name, however it is written; None where none was given."""
    if name is None:
        return None
    found = model._default_manager.filter(key=normal_key(name)).first()
    if found is None:
        raise _refused(_("There is no “{name}”.").format(name=name))
    return found


def _refused(message: str) -> CommandError:
    return CommandError(message, returncode=USAGE_ERROR)


def _document(query: FigureQuery, form: str) -> bytes:
    """Return the report in a form; a renderer's libraries are loaded only when it is asked for."""
    if form == "json":
        text = json.dumps(figures(query).as_json(), ensure_ascii=False, indent=1)
        return f"{text}\n".encode()
    renderer = import_module(f"tafahom.reports.render.{'text' if form == 'table' else form}")
    return bytes(renderer.render(figures_table(query)))


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise argparse.ArgumentTypeError(f"expected DIM=VALUE, not {text!r}")
    return name.strip(), value.strip()


def _check_as_of(text: str | None) -> None:
    """Refuse a day other than today: what was known on another day needs releases."""
    if text is None:
        return
    try:
        day = dt.date.fromisoformat(text) if text.startswith("20") else parse_date(text)
    except ValueError as error:
        message = _("“{text}” is not a date.").format(text=text)
        raise _refused(message) from error
    if day != dt.datetime.now(tz=dt.UTC).astimezone().date():
        message = _("Figures as of another day need releases, which are not kept yet.")
        raise _refused(message)

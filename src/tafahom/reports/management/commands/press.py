"""``tafahom press``: the press release of a period as a file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.figures.rules import FigureError
from tafahom.reports.press import PressError, PressRelease, press_release

FORMATS = ("html", "docx", "pdf", "txt")
NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0, or 2 when nothing was written."""

    help = "Write the press release of a period, in Persian, from its figures"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the period, the form and the file."""
        add = parser.add_argument
        add("--year", type=int, required=True, help="Solar Hijri year, such as 1397")
        add("--from", type=int, default=1, dest="from_month", metavar="M", help="first month")
        add("--through", type=int, required=True, dest="through_month", metavar="M")
        add("--format", choices=FORMATS, help="as the file's name ends when not given")
        add("-o", "--output", required=True, metavar="FILE", help="- for standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the release; the file appears whole or not at all."""
        form = _form(options["format"], options["output"])
        try:
            release = press_release(
                options["year"], options["through_month"], from_month=options["from_month"]
            )
        except (FigureError, PressError) as error:
            raise _refused(str(error)) from error
        # Libraries of documents and charts are loaded when there is something to write.
        from tafahom.reports.press.render import RENDERERS

        self._put(RENDERERS[form][0](release), options["output"])
        self._mention(release)

    def _put(self, document: bytes, output: str) -> None:
        if output == "-":
            binary = getattr(self.stdout, "buffer", None)
            if binary is None:
                self.stdout.write(document.decode(), ending="")
            else:
                binary.write(document)
            return
        target = Path(output)
        aside = target.with_name(f".{target.name}.new")
        try:
            aside.write_bytes(document)
            aside.replace(target)
        except OSError as error:
            aside.unlink(missing_ok=True)
            raise _refused(str(error)) from error

    def _mention(self, release: PressRelease) -> None:
        """Say on standard error what the reader of the file can not see."""
        if release.left_out:
            message = _(
                "Not singled out, as too few people are in them or their figures are confidential: {titles}"
            )
            self.stderr.write(message.format(titles="، ".join(release.left_out)))


def _form(given: str | None, output: str) -> str:
    """Return what to write. Refuses a name that ends as another form does, or says nothing."""
    ending = Path(output).suffix.lstrip(".").lower()
    if given and ending in FORMATS and ending != given:
        message = _("The file's name ends in .{ending}, but --format says {format}.")
        raise _refused(message.format(ending=ending, format=given))
    if given or ending in FORMATS:
        return given or ending
    message = _("Say with --format what to write: {formats}")
    raise _refused(message.format(formats=", ".join(FORMATS)))


def _refused(message: str) -> CommandError:
    return CommandError(message, returncode=NOTHING_DONE)

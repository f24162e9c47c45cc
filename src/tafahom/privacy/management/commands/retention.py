"""`tafahom retention`: forget people whose time is over, or who asked for it, by two persons."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act
from tafahom.people.models import Person
from tafahom.privacy.actions import retention_requests as requests
from tafahom.privacy.actions.retention import NothingToEraseError, Tidied, erase, tidy
from tafahom.privacy.models import Cause, Erasure, RetentionRequest
from tafahom.privacy.queries import due, retention_rules, sees_request
from tafahom.privacy.rules import RetentionState
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import sentence
from tafahom.scoping import scoped_to

NOTHING_DONE = 2


class Command(BaseCommand):
    """Exit status 0 all well, 2 nothing done."""

    help = "Retention: propose, list, approve, decline, run, rules, erase, erased"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """One sub-command for each thing to do."""
        what = parser.add_subparsers(
            dest="what",
            required=True,
            metavar="propose|list|approve|decline|run|rules|erase|erased",
        )
        propose = what.add_parser("propose", help="ask that people are forgotten; shows whom")
        propose.add_argument(
            "persons",
            nargs="*",
            metavar="PERSON",
            help="who asked for it; none: whose time is over",
        )
        propose.add_argument(
            "--again",
            type=Path,
            metavar="FILE",
            help="whom a restored backup brought back: a list that `erased` wrote",
        )
        propose.add_argument("--reference", default="", help="number of the letter; never a name")
        listed = what.add_parser("list", help="requests that wait, with what they would destroy")
        approve = what.add_parser("approve", help="approve what somebody else asked for, and do it")
        decline = what.add_parser("decline", help="refuse what somebody else asked for")
        decline.add_argument("--note", required=True, help="why not")
        for sub in (approve, decline):
            sub.add_argument("request", metavar="ID", help="as `retention list` shows it")
        for sub in (propose, approve, decline):
            sub.add_argument("--by", required=True, metavar="USER", help="the account that decides")
        run = what.add_parser("run", help="nightly: finish what was approved, put leftovers away")
        run.add_argument("--dry-run", action="store_true", help="only count who is due")
        rules = what.add_parser("rules", help="for how many years identities are kept")
        for sub in (propose, listed, approve, run, rules):
            sub.add_argument("--json", action="store_true", help="one JSON document")
        one = what.add_parser("erase", help="destroy the identity of one person who asked for it")
        one.add_argument("person", metavar="PERSON", help="as the address of the page")
        one.add_argument("--reference", default="", help="number of the letter; never a name")
        what.add_parser("erased", help="list who was forgotten, to be kept beside the backups")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the sub-command."""
        work = getattr(self, f"_{options['what']}")
        try:
            work(options)
        except Refusal as error:
            raise CommandError(sentence(error), returncode=NOTHING_DONE) from error

    def _propose(self, options: dict[str, Any]) -> None:
        by = _account(options["by"], Act.MANAGE_RETENTION)
        with scoped_to(scope_of(by, Act.MANAGE_RETENTION)):
            if options["persons"] or options["again"]:
                people = [*_known(options["persons"]), *_listed(options["again"])]
                reference = options["reference"]
                request = requests.request_erasure(people=people, reference=reference, by=by)
            else:
                request = requests.request_retention(by=by)
        self._tell([request], as_json=options["json"])

    def _list(self, options: dict[str, Any]) -> None:
        requests.end_what_is_over()
        self._tell(list(requests.open_requests()), as_json=options["json"])

    def _approve(self, options: dict[str, Any]) -> None:
        by = _account(options["by"], Act.APPROVE_RETENTION)
        request = _request(options["request"], by)
        requests.approve(request, by=by)
        requests.carry_out(request, progress=self._progress)
        self._tell([request], as_json=options["json"])

    def _decline(self, options: dict[str, Any]) -> None:
        by = _account(options["by"], Act.APPROVE_RETENTION)
        requests.decline(_request(options["request"], by), note=options["note"], by=by)

    def _run(self, options: dict[str, Any]) -> None:
        told, finished, waiting = Tidied(), 0, due().count()
        if not options["dry_run"]:
            requests.end_what_is_over()
            for request in RetentionRequest.objects.filter(state=RetentionState.RUNNING):
                requests.carry_out(request, progress=self._progress)
                finished += request.state == RetentionState.DONE
            told = tidy(by=None)
        document = {"due": waiting, "requests": finished} | asdict(told)
        if options["json"]:
            self.stdout.write(json.dumps(document | {"dry_run": options["dry_run"]}))
            return
        self.stdout.write(
            _(
                "%(due)s people were due; %(requests)s approved requests were finished, %(files)s"
                " stored files and %(uploads)s uploads put away."
            )
            % document
        )

    def _rules(self, options: dict[str, Any]) -> None:
        rules = [
            {"audience": rule.code or None, "years": rule.years, "changed": rule.is_changed}
            for rule in retention_rules()
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"rules": rules}))
            return
        for rule in rules:
            self.stdout.write(f"{rule['years']:>3}  {rule['audience'] or '*'}")

    def _erased(self, _options: dict[str, Any]) -> None:
        for uid in Erasure.objects.order_by("pk").values_list("person__uid", flat=True):
            self.stdout.write(uid)

    def _erase(self, options: dict[str, Any]) -> None:
        [uid] = _known([options["person"]])
        person = Person.objects.get(uid=uid)
        try:
            erase(person=person, cause=Cause.REQUEST, reference=options["reference"], by=None)
        except NothingToEraseError:
            self.stdout.write(_("%s was forgotten before.") % person.uid)
        else:
            self.stdout.write(_("%s is forgotten.") % person.uid)

    def _tell(self, found: list[RetentionRequest], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"requests": [_as_json(one) for one in found]}))
            return
        for one in found:
            shown = one.preview
            self.stdout.write(
                f"{one.uid}  {one.get_state_display()}  {one.requested_by.get_username()}"
            )
            self.stdout.write(
                "  "
                + _(
                    "%(persons)s persons lose their identity, %(files)s stored rosters are"
                    " destroyed; their last courses ended from %(first)s to %(last)s."
                )
                % {
                    "persons": shown["persons"],
                    "files": shown["files"],
                    "first": shown["first"] or "—",
                    "last": shown["last"] or "—",
                }
            )
            for uid in one.people:
                self.stdout.write(f"  {uid}")

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"{done}/{total}")


def _account(name: str, act: Act) -> User:
    """Return the account that decides. Raises CommandError when it may not."""
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None or scope_of(user, act).is_nothing:
        raise CommandError(
            _("There is no account “%s” that may do this.") % name, returncode=NOTHING_DONE
        )
    return user


def _request(uid: str, by: User) -> RetentionRequest:
    """Return a request that somebody may decide. Raises CommandError."""
    found = RetentionRequest.objects.select_related("requested_by", "job").filter(uid=uid).first()
    with scoped_to(scope_of(by, Act.APPROVE_RETENTION)):
        if found is None or not sees_request(by, found):
            raise CommandError(_("There is no such request."), returncode=NOTHING_DONE)
    return found


def _known(uids: list[str]) -> list[str]:
    """Return uids of people, all of whom must be there. Raises CommandError."""
    there = set(Person.objects.filter(uid__in=uids).values_list("uid", flat=True))
    if missing := [uid for uid in uids if uid not in there]:
        raise CommandError(
            _("There is no such person: %s. Nothing was done.") % ", ".join(missing),
            returncode=NOTHING_DONE,
        )
    return uids


def _listed(path: Path | None) -> list[str]:
    """Return the uids of a list; it may name people whose import was undone since."""
    try:
        return path.read_text(encoding="ascii").split() if path else []
    except (OSError, ValueError) as error:
        raise CommandError(
            _("%(file)s cannot be read.") % {"file": path}, returncode=NOTHING_DONE
        ) from error


def _as_json(request: RetentionRequest) -> dict[str, Any]:
    return {
        "request": request.uid,
        "cause": request.cause,
        "state": request.state,
        "requested_by": request.requested_by.get_username(),
        "expires_at": request.expires_at.isoformat(timespec="seconds"),
        "preview": request.preview,
        "people": request.people,
        "result": request.job.result if request.job else None,
    }

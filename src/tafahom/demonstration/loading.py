"""Loading the demonstration into an installation, through the doors that everybody uses."""

import json
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from tafahom.access.actions import create_user, give_role
from tafahom.access.demonstration import ACCOUNTS, STARTED
from tafahom.access.models import User
from tafahom.access.rules import Part, Role, is_fitting
from tafahom.audit.actions import record
from tafahom.audit.models import Entry
from tafahom.demonstration.files import write_current, write_demo
from tafahom.demonstration.plan import make_years
from tafahom.demonstration.present import make_present
from tafahom.demonstration.recording import record_present
from tafahom.demonstration.records import PRISONS
from tafahom.exchange.rosters.actions import import_rosters
from tafahom.exchange.rosters.file_report import FileReport, ReportProgress
from tafahom.figures.disclosure.patterns import choose_patterns
from tafahom.jalali import today
from tafahom.parties.models import Centre, Partner
from tafahom.persian import normal_key
from tafahom.training.models import Course
from tafahom.training.registries.loading import load

SAY = "demo.json"
OFFICER = ACCOUNTS[Role.AGREEMENTS_OFFICER][0]
COURSES_TAUGHT = 5
# No letter that could be taken for another: passwords are copied from a terminal by hand.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class OccupiedError(Exception):
    """The installation holds records that are not the demonstration's."""


def logins() -> dict[str, str]:
    """Return passwords by log-in, as they were made when the demonstration was loaded."""
    found: dict[str, str] = _remembered().get("logins", {})
    return found


def is_loaded() -> bool:
    """Whether the whole demonstration is in this installation's database."""
    return bool(_remembered().get("complete")) and _is_ours()


def load_demo(*, progress: ReportProgress | None = None) -> list[FileReport]:
    """Open the accounts, load the registries and import the rosters; safe to repeat.

    What an earlier run has recorded is left as it is. Raises OccupiedError when there are
    records of somebody else.
    """
    if not _is_ours():
        if Partner.objects.exists() or User.objects.exists():
            raise OccupiedError
        _begin()
    _open_accounts()
    officer = User.objects.get(username=OFFICER)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        rosters = write_demo(place)
        for registry in ("partners", "agreements"):
            load(registry, place / f"{registry}.csv", by=officer)
        day = today()
        present = make_present(day, make_years()[1])
        record_present(present, today=day, by=officer)
        rosters += write_current(place, present.courses)
        reports = import_rosters(rosters, by=officer, progress=progress)
    if len(reports) == len(rosters):
        _give_parts()
        choose_patterns()
        _remember(_remembered() | {"complete": True})
    return reports


def _is_ours() -> bool:
    """Whether this database is the one in which the remembered demonstration was begun.

    The folder of data may have been used with another database before, and the other way round:
    only when both hold the same mark is what is here the demonstration's.
    """
    mark = _remembered().get("started", "")
    return bool(mark) and Entry.objects.filter(action=STARTED, digest=mark).exists()


@transaction.atomic
def _begin() -> None:
    """Mark the database, and forget the log-ins of another one."""
    entry = record(action=STARTED, by=None)
    _remember({"started": entry.digest, "logins": {}})


def _open_accounts() -> None:
    """Open one account for each role, with a password of chance, and remember it."""
    for role, (username, first, last) in ACCOUNTS.items():
        if User.objects.filter(username=username).exists():
            continue
        password = _password()
        # Remembered first: an account whose password nobody knows would be of no use.
        _remember(_remembered() | {"logins": logins() | {username: password}})
        create_user(
            username=username,
            password=password,
            roles=[role] if is_fitting(role, None) else [],
            first_name=first,
            last_name=last,
            by=None,
        )


def _give_parts() -> None:
    """Let who serves a part serve one: the busiest centre, its latest courses, the prisons."""
    courses = Course.objects.order_by().values("centre").annotate(count=Count("pk"))
    centre = Centre.objects.get(pk=courses.order_by("-count", "centre")[0]["centre"])
    latest = Course.objects.filter(centre=centre).order_by("-ends_on", "pk")[:COURSES_TAUGHT]
    prisons = Partner.objects.get(key=normal_key(PRISONS))
    parts: list[tuple[Role, Part, Centre | Partner | str]] = [
        (Role.CENTRE_CLERK, Part.CENTRE, centre),
        (Role.EXAMINER, Part.CENTRE, centre),
        (Role.PARTNER_LIAISON, Part.PARTNER, prisons),
        *((Role.INSTRUCTOR, Part.COURSE, course.uid) for course in latest),
    ]
    for role, part, of in parts:
        user = User.objects.get(username=ACCOUNTS[role][0])
        give_role(user=user, role=role, part=part, of=of, by=None)


def _password() -> str:
    """Return three groups of four letters and digits: 59 bits, and none that is refused."""
    while True:
        password = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))
        with suppress(ValidationError):  # chance makes years and rows of keys, too
            validate_password(password)
            return password


def _place() -> Path:
    return Path(settings.DATA_DIR) / SAY


def _remembered() -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(_place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


def _remember(what: dict[str, Any]) -> None:
    """Write for the service's account only."""
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True)
    aside = place.with_suffix(".new")
    aside.touch(mode=0o600)
    aside.write_text(json.dumps(what, ensure_ascii=False, indent=1), encoding="utf-8")
    aside.replace(place)

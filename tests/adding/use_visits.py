"""Run in the copy of the house: make the tables of visits, use one, and print what is seen."""

import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - after the set-up, here and below
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import translation  # noqa: E402

from figures.world import World, record  # noqa: E402
from tafahom.access.models import Membership, User  # noqa: E402
from tafahom.audit.models import Entry  # noqa: E402
from tafahom.jalali import from_jalali  # noqa: E402
from tafahom.parties.models import Centre  # noqa: E402
from tafahom.periods.models import Period  # noqa: E402
from tafahom.periods.rules import PeriodClosedError  # noqa: E402
from tafahom.records import names_of  # noqa: E402
from tafahom.records.pages import address  # noqa: E402
from tafahom.refusals import Refusal  # noqa: E402
from tafahom.refusals.sentences import sentence  # noqa: E402
from tafahom.scoping import everything  # noqa: E402


def client(role: str, **part: Any) -> Client:
    """Return the browser of somebody in a role."""
    user = User.objects.create(username=f"{role}-{User.objects.count()}")
    Membership.objects.create(user=user, role=role, at_machine=True, **part)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(user)
    return browser


def use() -> dict[str, Any]:
    """Record, read, correct and close; return what came of each."""
    from tafahom.visits.actions import record_visit

    world = World()
    agreement = world.agreement("1/97", world.partner("سازمان زندان‌ها"), "national")
    course = world.course(agreement, (1397, 2, 31), starts=(1397, 1, 15), hours=12)
    course.title = "جوشکاری"
    course.save()
    day = from_jalali(1397, 2, 1)
    visit = record_visit(course=course, visited_on=day, finding="کارگاه سرد بود", by=None)
    other = record(Centre, "مرکز دیگر", province=world.province)
    page = reverse("web:visit_detail", args=[visit.uid])
    seen = {"refused": _refused(course)}
    seen |= _as_roles(page, client("planner"), course.centre, other)
    visit.refresh_from_db()
    auditor = client("auditor")
    shown = auditor.get(reverse("web:history", args=["visit", visit.uid]))
    text = shown.content.decode()
    seen |= {
        "history": shown.status_code,
        "words": {"old": "سرد" in text, "new": "گرم" in text},
        "target": _target(f"visit:{visit.uid}"),
    }
    entry = Entry.objects.filter(action="visits.corrected").latest("pk")
    said = auditor.get(reverse("web:audit_entry", args=[entry.pk])).content.decode()
    act = "corrected the finding of a visit"
    return seen | {"act": act if act in said else said} | _closed(world, visit, page)


def _refused(course: Any) -> str:
    from tafahom.visits.actions import record_visit

    try:
        record_visit(course=course, visited_on=dt.date(2000, 1, 1), finding="", by=None)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def _as_roles(page: str, planner: Client, centre: Any, other: Any) -> dict[str, Any]:
    browsers = {
        "planner": planner,
        "centre_clerk": client("centre_clerk", centre=centre),
        "other_clerk": client("centre_clerk", centre=other),
    }
    reads = {name: one.get(page).status_code for name, one in browsers.items()}
    data = {"finding": "کارگاه گرم بود"}
    corrects = {
        name: one.post(f"{page}correct/", data).status_code for name, one in browsers.items()
    }
    shown = planner.get(reverse("web:visits"))
    text = shown.content.decode()
    return {
        "reads": reads,
        "corrects": corrects,
        "list": shown.status_code,
        "listed": page in text,
        "in_menu": f'href="{reverse("web:visits")}"' in planner.get(page).content.decode(),
    }


def _target(target: str) -> dict[str, Any]:
    return {
        "name": names_of([target])[target],
        "is_linked": bool(address(*target.split(":", 1))),
    }


def _closed(world: World, visit: Any, page: str) -> dict[str, Any]:
    from tafahom.visits.actions import correct_finding

    Period.objects.create(province=world.province, month=139702, state="closed")
    closed = {"by_act": False, "by_sql": False}
    try:
        correct_finding(visit, finding="دیگر", by=None)
    except PeriodClosedError:
        closed["by_act"] = True
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM visits_coursevisit")
    except Exception as error:
        closed["by_sql"] = "period.closed" in str(error)
    answer = client("planner").post(f"{page}correct/", {"finding": "نوشته‌ی من"})
    kept = answer.status_code == 422 and "نوشته‌ی من" in answer.content.decode()
    return {"closed": closed, "kept_in_field": kept}


if __name__ == "__main__":
    setup_test_environment()
    call_command("makemigrations", "visits", verbosity=0)
    assert list(Path("src/tafahom/visits/migrations").glob("0001_*.py")), "no migration was made"
    call_command("migrate", verbosity=0)
    with everything("the use of a made-up record"), translation.override("en"):
        json.dump(use(), sys.stdout)

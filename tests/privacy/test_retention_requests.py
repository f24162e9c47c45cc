"""Many are forgotten only when a second person approves exactly what was previewed."""

import datetime as dt
import json
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.audit.verification import verify_chain
from tafahom.jobs.models import Job
from tafahom.people.models import Identity
from tafahom.privacy.actions import retention_requests as requests
from tafahom.privacy.actions.retention import erase, set_years
from tafahom.privacy.models import Cause, Erasure, RetentionRequest
from tafahom.refusals import Refusal

LETTER = "12/45"


@pytest.fixture
def asker(db: None) -> User:
    return _account("asker", Role.AGREEMENTS_OFFICER)


@pytest.fixture
def approver(db: None) -> User:
    return _account("approver", Role.DIRECTOR)


def _account(name: str, role: Role) -> User:
    user = User.objects.create(username=name)
    give_role(user=user, role=role, by=None)
    return user


@pytest.fixture
def due(known: SimpleNamespace) -> SimpleNamespace:
    """Ali's time is over, Sara's is not."""
    set_years(audience_code="test-prisoner", years=1, by=None)
    set_years(audience_code="test-guild-member", years=50, by=None)
    return known


@pytest.fixture
def both_due(due: SimpleNamespace) -> SimpleNamespace:
    set_years(audience_code="test-guild-member", years=1, by=None)
    return due


def enrol_again(known: SimpleNamespace, person) -> None:
    """The person takes another course, which ended just now."""
    known.world.enrol(person, known.world.course(known.trade, (1405, 6, 1)), audience="صنف")


def refused(work, *arguments, **others) -> str:
    with pytest.raises(Refusal) as caught:
        work(*arguments, **others)
    return caught.value.code


def test_a_preview_says_how_many_from_when_and_by_which_rules(
    due: SimpleNamespace, asker: User
) -> None:
    request = requests.request_retention(by=asker)
    assert request.people == [due.ali.uid]
    shown = request.preview
    assert (shown["persons"], shown["enrolments"], shown["files"]) == (1, 2, 0)
    assert (shown["first"], shown["last"]) == ("2018-08-22", "2018-08-22")
    assert shown["by_year"] == [(1397, 1)]
    assert ("test-prisoner", 1) in shown["rules"]
    assert Identity.objects.count() == 2


def test_what_was_approved_is_done_and_nothing_else(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    request = requests.request_retention(by=asker)
    requests.carry_out(request)
    assert Identity.objects.count() == 2  # nobody approved it
    requests.approve(request, by=approver)
    # Sara's time is over only now: she was not approved.
    set_years(audience_code="test-guild-member", years=1, by=None)
    requests.carry_out(request)
    assert (request.state, request.decided_by) == ("done", approver)
    erasure = Erasure.objects.get()
    assert (erasure.person, erasure.cause, erasure.request) == (due.ali, "retention", request)
    assert erasure.erased_by == asker
    acts = Entry.objects.filter(target=f"retention_request:{request.uid}").order_by("id")
    assert list(acts.values_list("action", flat=True)) == [
        f"privacy.retention_{what}" for what in ("asked", "approved", "done")
    ]
    assert acts.last().details["erased"] == 1
    assert verify_chain().intact
    requests.carry_out(request)
    assert Erasure.objects.count() == 1


def test_nobody_approves_or_declines_their_own(due: SimpleNamespace, asker: User) -> None:
    request = requests.request_retention(by=asker)
    assert refused(requests.approve, request, by=asker) == "retention.own"
    assert refused(requests.decline, request, note="نه، این لازم نیست", by=asker) == "retention.own"
    rows = RetentionRequest.objects.filter(pk=request.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(decided_by=asker)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="running")


@pytest.mark.parametrize("what", ["course", "rules", "forgotten", "role"])
def test_what_is_not_as_it_was_previewed_cannot_be_approved(
    both_due: SimpleNamespace, asker: User, approver: User, what: str
) -> None:
    request = requests.request_retention(by=asker)
    assert requests.holds_still(request)
    if what == "course":
        enrol_again(both_due, both_due.ali)
    elif what == "rules":
        set_years(audience_code="test-prisoner", years=2, by=None)
    elif what == "forgotten":
        erase(person=both_due.ali, cause=Cause.REQUEST, by=None)
    else:
        asker.memberships.all().delete()
    assert not requests.holds_still(request)
    identities = Identity.objects.count()
    assert refused(requests.approve, request, by=approver) == "retention.changed"
    request.refresh_from_db()
    assert request.state == "requested"
    requests.carry_out(request)
    assert Identity.objects.count() == identities


def test_who_takes_a_course_after_the_approval_is_kept(
    both_due: SimpleNamespace, asker: User, approver: User
) -> None:
    request = requests.request_retention(by=asker)
    requests.approve(request, by=approver)
    enrol_again(both_due, both_due.ali)
    requests.carry_out(request)
    assert list(Erasure.objects.values_list("person_id", flat=True)) == [both_due.sara.pk]
    assert request.job.result == {"due": 2, "erased": 1, "files": 0}


def test_a_request_that_nobody_decides_ends(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    request = requests.request_retention(by=asker)
    with time_machine.travel(request.expires_at + dt.timedelta(seconds=1), tick=False):
        assert refused(requests.approve, request, by=approver) == "retention.state"
        assert requests.end_what_is_over() == 1
        assert requests.end_what_is_over() == 0
        assert requests.request_retention(by=asker)  # another one may be made
    request.refresh_from_db()
    assert request.state == "expired"


def test_of_two_who_decide_one_wins(due: SimpleNamespace, asker: User, approver: User) -> None:
    request = requests.request_retention(by=asker)
    same = RetentionRequest.objects.get(pk=request.pk)
    requests.decline(request, note="فهرست را دوباره ببینید", by=approver)
    assert refused(requests.approve, same, by=approver) == "retention.state"
    assert refused(requests.withdraw, same, by=asker) == "retention.state"


def test_one_request_at_a_time_and_none_for_nobody(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    request = requests.request_retention(by=asker)
    assert refused(requests.request_retention, by=asker) == "retention.open"
    assert refused(requests.withdraw, request, by=approver) == "retention.not_yours"
    requests.withdraw(request, by=asker)
    set_years(audience_code="test-prisoner", years=50, by=None)
    assert refused(requests.request_retention, by=asker) == "retention.empty"


def test_it_stops_when_asked_before_its_turn(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    request = requests.request_retention(by=asker)
    requests.approve(request, by=approver)
    requests.stop(request)
    requests.carry_out(request)
    assert request.state == "stopped"
    assert Identity.objects.count() == 2


def test_it_stops_between_batches(
    both_due: SimpleNamespace, asker: User, approver: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tafahom.privacy.actions.retention.BATCH", 1)
    request = requests.request_retention(by=asker)
    requests.approve(request, by=approver)
    steps: list[tuple[int, int]] = []

    def follow(done: int, total: int) -> None:
        steps.append((done, total))
        Job.objects.update(cancel_requested=True)

    requests.carry_out(request, progress=follow)
    assert (request.state, steps) == ("stopped", [(1, 2)])
    assert Erasure.objects.count() == 1


def test_people_who_asked_for_it_are_forgotten_together(
    known: SimpleNamespace, asker: User, approver: User
) -> None:
    uids = [known.ali.uid, known.sara.uid, "0" * 24]
    request = requests.request_erasure(people=uids, reference=LETTER, by=asker)
    assert (request.cause, request.preview["rules"]) == ("request", [])
    requests.approve(request, by=approver)
    requests.carry_out(request)
    told = set(Erasure.objects.values_list("person_id", "cause", "reference"))
    assert told == {(pk, "request", LETTER) for pk in (known.ali.pk, known.sara.pk)}


def run(*words: str) -> str:
    out = StringIO()
    call_command("retention", *words, stdout=out)
    return out.getvalue()


def usage(*words: str) -> None:
    with pytest.raises(CommandError) as caught:
        run(*words)
    assert caught.value.returncode == 2


def test_the_command_needs_two_accounts_too(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    dry = json.loads(run("run", "--dry-run", "--json"))
    assert (dry["due"], dry["dry_run"]) == (1, True)
    usage("propose", "--by", "nobody")
    usage("propose", "--by", "approver")  # directors approve, they do not ask
    [asked] = json.loads(run("propose", "--by", "asker", "--json"))["requests"]
    assert (asked["people"], asked["preview"]["persons"]) == ([due.ali.uid], 1)
    assert due.ali.uid in run("list")
    usage("approve", asked["request"], "--by", "asker")
    usage("approve", "0" * 24, "--by", "approver")
    assert json.loads(run("run", "--json"))["requests"] == 0
    assert Identity.objects.count() == 2
    [done] = json.loads(run("approve", asked["request"], "--by", "approver", "--json"))["requests"]
    assert (done["state"], done["result"]["erased"]) == ("done", 1)
    assert json.loads(run("list", "--json"))["requests"] == []
    rules = json.loads(run("rules", "--json"))["rules"]
    assert {"audience": "test-prisoner", "years": 1, "changed": True} in rules


def test_the_command_declines_with_a_reason(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    run("propose", "--by", "asker")
    uid = RetentionRequest.objects.get().uid
    usage("decline", uid, "--by", "approver", "--note", "نه")
    run("decline", uid, "--by", "approver", "--note", "فهرست را دوباره ببینید")
    assert RetentionRequest.objects.get().state == "declined"


def test_the_nightly_run_finishes_what_a_dead_worker_left(
    due: SimpleNamespace, asker: User, approver: User
) -> None:
    requests.approve(requests.request_retention(by=asker), by=approver)
    told = json.loads(run("run", "--json"))
    assert (told["requests"], Erasure.objects.count()) == (1, 1)


def test_the_command_forgets_one_who_asked(known: SimpleNamespace) -> None:
    usage("erase", "nobody")
    with pytest.raises(CommandError):
        run("erase", known.sara.uid, known.ali.uid)
    assert Identity.objects.count() == 2
    run("erase", known.sara.uid, "--reference", LETTER)
    assert Identity.objects.count() == 1
    assert known.sara.erasure.reference == LETTER


def test_who_was_forgotten_is_forgotten_again_after_a_restore(
    known: SimpleNamespace, give_name, tmp_path: Path, asker: User, approver: User
) -> None:
    run("erase", known.sara.uid)
    kept = tmp_path / "erased.txt"
    kept.write_text(run("erased") + "0" * 24 + "\n", encoding="ascii")
    assert known.sara.uid in kept.read_text(encoding="ascii")
    usage("propose", "--again", str(kept), "--by", "asker")  # nobody came back
    give_name(known.sara, "سارا", "کریمی", "0012345679")  # as the backup had it
    run("propose", "--again", str(kept), "--by", "asker")
    assert Identity.objects.filter(person=known.sara).exists()
    run("approve", RetentionRequest.objects.get().uid, "--by", "approver")
    assert not Identity.objects.filter(person=known.sara).exists()
    usage("propose", "--again", str(tmp_path / "nothing"), "--by", "asker")
    usage("propose", known.ali.uid, "nobody", "--by", "asker")


@pytest.fixture
def director(sign_in) -> Client:
    return sign_in(Role.DIRECTOR)


def address(name: str, *more: str) -> str:
    return reverse(f"web:retention{name}", args=more)


def test_the_page_asks_shows_and_waits_for_somebody_else(
    officer: Client, director: Client, sign_in, due: SimpleNamespace
) -> None:
    assert address("_ask") in officer.get(address("")).content.decode()
    assert address("_ask") not in director.get(address("")).content.decode()
    page = officer.post(address("_ask"), follow=True)
    asked = RetentionRequest.objects.get()
    html = page.content.decode()
    assert due.ali.uid in html
    assert "پاکزاد" not in html  # by number
    assert address("_approve", asked.uid) not in html
    assert address("_ask") not in officer.get(address("")).content.decode()
    officer.post(address("_approve", asked.uid))
    assert Identity.objects.count() == 2
    seen = director.get(address("_request", asked.uid)).content.decode()
    assert address("_approve", asked.uid) in seen
    assert address("_request", asked.uid) in director.get(address("")).content.decode()
    listed = director.get(address("_people", asked.uid))
    assert listed.content.decode() == f"{due.ali.uid}\n"
    director.post(address("_approve", asked.uid))
    assert list(Erasure.objects.values_list("person_id", flat=True)) == [due.ali.pk]
    asked.refresh_from_db()
    assert asked.state == "done"
    part = officer.get(address("_request", asked.uid), headers={"hx-request": "true"})
    assert part["HX-Refresh"] == "true"
    assert officer.get(address("")).status_code == 200
    auditor = sign_in(Role.AUDITOR)
    assert auditor.get(address("_request", asked.uid)).status_code == 200
    assert auditor.post(address("_approve", asked.uid)).status_code == 404


def test_while_it_is_carried_out_who_asked_can_stop_it(
    officer: Client, director: Client, due: SimpleNamespace, approver: User
) -> None:
    officer.post(address("_ask"))
    asked = RetentionRequest.objects.get()
    requests.approve(asked, by=approver)  # no worker has taken it yet
    page = officer.get(address("_request", asked.uid), headers={"hx-request": "true"})
    assert address("_cancel", asked.uid) in page.content.decode()
    seen = director.get(address("_request", asked.uid)).content.decode()
    assert address("_cancel", asked.uid) not in seen
    assert director.post(address("_cancel", asked.uid)).status_code == 404
    officer.post(address("_cancel", asked.uid))
    asked.refresh_from_db()
    assert asked.state == "stopped"
    assert Identity.objects.count() == 2


def test_the_page_says_when_the_preview_holds_no_longer(
    officer: Client, director: Client, due: SimpleNamespace
) -> None:
    officer.post(address("_ask"))
    asked = RetentionRequest.objects.get()
    enrol_again(due, due.ali)
    seen = director.get(address("_request", asked.uid)).content.decode()
    assert address("_approve", asked.uid) not in seen
    director.post(address("_approve", asked.uid))
    assert Identity.objects.count() == 2
    officer.post(address("_withdraw", asked.uid))
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_a_request_is_declined_on_the_page_with_a_reason(
    officer: Client, director: Client, due: SimpleNamespace
) -> None:
    officer.post(address("_ask"))
    asked = RetentionRequest.objects.get()
    assert director.post(address("_decline", asked.uid), {"note": ""}).status_code == 422
    director.post(address("_decline", asked.uid), {"note": "فهرست را دوباره ببینید"})
    assert "فهرست را دوباره ببینید" in officer.get(address("_request", asked.uid)).content.decode()


def test_a_long_list_comes_in_pages(
    officer: Client, due: SimpleNamespace, give_name, django_assert_max_num_queries
) -> None:
    for number in range(60):
        person = due.world.person()
        give_name(person, "نام", f"خانواده {number}", f"{number:010}")
        due.world.enrol(person, due.one, audience="زندانی")
    officer.post(address("_ask"))
    asked = RetentionRequest.objects.get()
    with django_assert_max_num_queries(24):
        first = officer.get(address("_request", asked.uid))
    second = officer.get(address("_request", asked.uid) + "?page=2")
    assert [len(page.context["rows"]) for page in (first, second)] == [50, 11]

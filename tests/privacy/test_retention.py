"""Identities go when their time is over or when somebody asks; figures do not notice."""

import datetime as dt
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from roster_files import line, roster
from rosters import prepare
from tafahom.access.models import User
from tafahom.audit.models import Entry
from tafahom.credentials.queries import CertificateStatus, verify
from tafahom.exchange.models import StagedImport
from tafahom.exchange.rosters import staging, storage
from tafahom.exchange.rosters.actions import import_rosters
from tafahom.exchange.rosters.file_report import RosterFile
from tafahom.figures.queries import figures
from tafahom.figures.tables import FigureQuery
from tafahom.jalali import from_jalali
from tafahom.people.models import Identity, Person
from tafahom.people.queries import find_by_national_id, identities_of, search_people
from tafahom.privacy.actions.retention import (
    NothingToEraseError,
    erase,
    set_years,
    tidy,
)
from tafahom.privacy.models import Cause, Erasure
from tafahom.privacy.queries import due, retention_rules

LATER = from_jalali(1410, 1, 1)


def all_figures() -> str:
    slices = [(), ("partner", "gender"), ("audience",), ("education", "age_band"), ("month",)]
    told = []
    for year in (1396, 1397):
        for by in slices:
            document = figures(FigureQuery(year=year, through_month=12, by=by)).as_json()
            del document["as_of"]
            told.append(document)
    return json.dumps(told, sort_keys=True, default=str)


def years_of(code: str) -> int:
    return next(rule.years for rule in retention_rules() if rule.code == code)


@pytest.mark.django_db
def test_sensitive_groups_are_kept_for_less_time_until_an_officer_says_otherwise() -> None:
    prepare()
    assert (years_of(""), years_of("conscript"), years_of("prisoner")) == (10, 10, 5)
    set_years(audience_code="prisoner", years=3, by=None)
    assert (years_of("prisoner"), years_of("refugee")) == (3, 5)
    assert Entry.objects.latest("id").details == {"before": 5, "after": 3}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "years"), [("nobody", 3), ("prisoner", 0), ("prisoner", 51)])
def test_rules_that_cannot_be_are_refused(code: str, years: int) -> None:
    prepare()
    with pytest.raises(ValueError, match=r"audience|years"):
        set_years(audience_code=code, years=years, by=None)


def test_a_person_is_due_when_the_time_of_every_course_is_over(known: SimpleNamespace) -> None:
    set_years(audience_code="test-prisoner", years=2, by=None)
    set_years(audience_code="test-guild-member", years=4, by=None)
    # Ali: prison courses, the last on 1397/05/31. Sara: prison 1397/02/31, guild 1397/05/01.
    assert not due(from_jalali(1399, 5, 31)).exists()
    assert list(due(from_jalali(1399, 6, 1))) == [known.ali]
    assert list(due(from_jalali(1401, 5, 1))) == [known.ali]
    assert set(due(from_jalali(1401, 5, 2))) == {known.ali, known.sara}


def test_who_has_no_identity_or_no_course_is_not_due(known: SimpleNamespace, give_name) -> None:
    idle = known.world.person()
    give_name(idle, "بی", "دوره", "1111111112")
    assert set(due(LATER)) == {known.ali, known.sara}


def test_forgetting_changes_no_figure_and_leaves_no_way_back(known: SimpleNamespace) -> None:
    before = all_figures()
    assert search_people("کریمی")
    done = erase(person=known.sara, cause=Cause.REQUEST, reference="۱۲/۴۵", by=None)
    assert all_figures() == before
    assert search_people("کریمی") == []
    assert search_people("0012345679") == []
    assert find_by_national_id("0012345679") is None
    assert identities_of([known.sara]) == {}
    assert not Identity.objects.filter(person=known.sara).exists()
    assert known.sara.enrolments.count() == 2
    assert (done.cause, done.reference, done.files) == ("request", "۱۲/۴۵", 0)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.target) == (
        "privacy.person_erased",
        f"person:{known.sara.uid}",
    )
    assert "کریمی" not in str(entry.details)
    with pytest.raises(NothingToEraseError):
        erase(person=known.sara, cause=Cause.REQUEST, by=None)


def test_a_certificate_is_still_verified_without_a_name(known: SimpleNamespace) -> None:
    before = verify("G-1")
    erase(person=known.ali, cause=Cause.REQUEST, by=None)
    assert verify("G-1") == before
    assert before.standing is CertificateStatus.VALID


@pytest.mark.django_db(transaction=True)
def test_the_rosters_that_named_somebody_are_destroyed(tmp_path: Path) -> None:
    prepare()
    content = roster(line(1), line(2), line(3, **{"کد ملی": "1"}))
    kept = storage.store([content], name="فهرست.csv")
    path = tmp_path / "فهرست.csv"
    path.write_bytes(content)
    [report] = import_rosters(
        [RosterFile(path, path.name, kept.sha256)], seal_rejects=True, by=None
    )
    other = storage.store([b"of others"], name="b.csv")
    assert report.rejects_file
    assert report.rejects_file.is_file()
    person = Person.objects.earliest("pk")
    assert erase(person=person, cause=Cause.REQUEST, by=None).files == 1
    assert not storage.path_of(kept.sha256).exists()
    assert not report.rejects_file.exists()
    assert storage.path_of(other.sha256).exists()
    # The file again, from wherever, brings nobody back: its rows are known.
    [again] = import_rosters([path], by=None)
    assert (again.accepted, again.already) == (0, 2)
    assert Person.objects.count() == 2


def test_who_came_back_with_a_backup_is_forgotten_again(known: SimpleNamespace, give_name) -> None:
    erase(person=known.sara, cause=Cause.REQUEST, by=None)
    give_name(known.sara, "سارا", "کریمی", "0012345679")
    erase(person=known.sara, cause=Cause.REQUEST, by=None)
    assert Erasure.objects.filter(person=known.sara).count() == 1


@pytest.mark.parametrize("count", [2, 40])
def test_being_due_is_one_question(count: int, known, django_assert_num_queries) -> None:
    for number in range(count):
        known.world.enrol(known.world.person(), known.one, minutes=number)
    with django_assert_num_queries(3):  # rules, audiences, people
        list(due(LATER))


@pytest.mark.django_db
def test_uploads_that_nobody_recorded_are_put_away(sign_in) -> None:
    prepare()
    user = User.objects.create(username="clerk")
    old, new = (
        staging.stage([SimpleUploadedFile(f"{n}.csv", roster(line(n)))], by=user) for n in (1, 2)
    )
    StagedImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - dt.timedelta(days=31))
    assert tidy(by=None).uploads == 1
    states = dict(StagedImport.objects.values_list("uid", "state"))
    assert states == {old.uid: "cancelled", new.uid: "staged"}
    assert not storage.path_of(old.files.get().sha256).exists()
    assert storage.path_of(new.files.get().sha256).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL cleans up in its own time")
def test_nothing_of_the_identity_is_left_in_the_file_of_the_database(
    known: SimpleNamespace,
) -> None:
    identity = Identity.objects.get(person=known.sara)
    digest, sealed = identity.national_id_index, bytes(identity.sealed)
    assert digest
    connection.ensure_connection()
    assert digest.encode() in connection.connection.serialize()
    assert sealed in connection.connection.serialize()
    erase(person=known.sara, cause=Cause.REQUEST, by=None)
    assert digest.encode() not in connection.connection.serialize()
    assert sealed not in connection.connection.serialize()

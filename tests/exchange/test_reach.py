"""Who serves one centre, partner or course records nothing of another by a roster."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from roster_files import line, roster
from tafahom.access.actions import give_role
from tafahom.access.models import User
from tafahom.access.queries import scope_of
from tafahom.access.rules import Act, Part, Role
from tafahom.agreements.models import Agreement
from tafahom.exchange import tasks
from tafahom.exchange.models import StagedImport
from tafahom.exchange.rosters import staging
from tafahom.exchange.rosters.queries import imports_of, staged_imports_of
from tafahom.parties.models import Centre
from tafahom.parties.queries import home_province
from tafahom.scoping import scoped_to
from tafahom.training.models import Course, Enrolment, RosterImport

pytestmark = pytest.mark.django_db
HERE, FAR = "مرکز شماره 1 کرج", "مرکز دور"
TWO = (line(1), line(2, **{"کد دوره": "13970002", "نام مرکز": FAR}))


def send(user: User, *rows: dict[str, str], name: str = "a.csv") -> StagedImport:
    """Stage, check and record a file as this account, the way the pages do."""
    staged = staging.stage([SimpleUploadedFile(name, roster(*rows))], by=user)
    tasks.check_staged.enqueue(staged.uid)
    staging.commit(StagedImport.objects.get(pk=staged.pk), by=user)
    tasks.import_staged.enqueue(staged.uid)
    return StagedImport.objects.get(pk=staged.pk)


def somebody(role: Role, part: Part | None = None, of: object = None) -> User:
    user = User.objects.create(username=f"{role.value}-{part or 'all'}")
    give_role(user=user, role=role, part=part, of=of, by=None)  # type: ignore[arg-type]
    return user


@pytest.fixture
def officer(agreement: Agreement) -> User:
    return somebody(Role.AGREEMENTS_OFFICER)


def test_a_clerk_records_at_the_clerks_centre_only(officer: User) -> None:
    send(officer, line(9), line(8, **{"کد دوره": "13970003", "نام مرکز": FAR}))
    clerk = somebody(Role.CENTRE_CLERK, Part.CENTRE, Centre.objects.get(name=HERE))
    staged = send(clerk, *TWO, name="b.csv")
    assert staged.summary["accepted"] == 1
    [file] = staged.files.all()
    assert [line[4] for line in file.report["problems"]] == ["scope.outside"]
    mine = RosterImport.objects.get(imported_by=clerk)
    assert {row.course.centre.name for row in mine.enrolments.all()} == {HERE}


def test_a_clerk_of_a_centre_makes_no_new_centre(officer: User) -> None:
    send(officer, line(9))
    clerk = somebody(Role.CENTRE_CLERK, Part.CENTRE, Centre.objects.get(name=HERE))
    assert send(clerk, TWO[1]).summary["accepted"] == 0
    assert not Centre.objects.filter(name=FAR).exists()


def test_who_serves_the_province_makes_new_centres(agreement: Agreement) -> None:
    clerk = somebody(Role.CENTRE_CLERK, Part.PROVINCE, home_province())
    assert send(clerk, *TWO).summary["accepted"] == 2
    assert Centre.objects.filter(name=FAR).exists()


@pytest.mark.parametrize("is_theirs", [True, False])
def test_who_serves_a_partner_records_under_its_agreements(
    agreement: Agreement, is_theirs: bool
) -> None:
    other = Agreement.objects.exclude(partner=agreement.partner).first()
    partner = agreement.partner if is_theirs else (other.partner if other else None)
    if partner is None:
        partner = type(agreement.partner).objects.create(
            name="دستگاه دیگر", key="دستگاهدیگر", kind=agreement.partner.kind
        )
    user = somebody(Role.AGREEMENTS_OFFICER, Part.PARTNER, partner)
    assert send(user, *TWO).summary["accepted"] == (2 if is_theirs else 0)


def test_who_holds_no_role_records_nothing(agreement: Agreement) -> None:
    assert send(User.objects.create(username="nobody"), *TWO).summary["accepted"] == 0
    assert not Enrolment.objects.exists()


def test_an_officer_of_a_part_sees_imports_that_lie_in_it(officer: User) -> None:
    """One file of one centre, one of two: the second is partly somebody else's."""
    send(officer, line(1))
    send(officer, line(3), line(4, **{"کد دوره": "13970002", "نام مرکز": FAR}), name="b.csv")
    course = Course.objects.get(centre__name=HERE)
    auditor = User.objects.create(username="part")
    give_role(
        user=auditor,
        role=Role.AGREEMENTS_OFFICER,
        part=Part.AGREEMENT,
        of=course.agreement.uid,
        by=None,
    )
    with scoped_to(scope_of(auditor, Act.UNDO_IMPORTS)):
        assert imports_of(auditor, all_of_them=True).count() == 2
        assert not staged_imports_of(auditor, all_of_them=True).exists()
    clerk = somebody(Role.CENTRE_CLERK, Part.CENTRE, course.centre)
    with scoped_to(scope_of(clerk, Act.IMPORT_ROSTERS)):
        assert [row.rows for row in imports_of(clerk, all_of_them=True)] == [1]
        assert not imports_of(clerk, all_of_them=False).exists()

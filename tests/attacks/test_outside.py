"""Who serves a part of the directorate learns nothing of people and requests outside it."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from rosters import national_id
from tafahom.access.models import Membership, User
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.people.models import Identity
from tafahom.privacy.actions.retention import set_years
from tafahom.privacy.models import DataExport, Erasure, RetentionRequest

UNKNOWN = national_id(88123456)
REASON = "برای صدور دوباره گواهینامه‌ها"
As = Callable[..., Client]


@pytest.fixture
def far(known: SimpleNamespace, give_name) -> SimpleNamespace:
    """The year of the figures, and a course in another centre, with somebody of its own."""
    known.elsewhere = known.world.centre("مرکز دور")
    known.far = known.world.course(known.trade, (1397, 6, 1), centre=known.elsewhere)
    known.zahra = known.world.person("female")
    give_name(known.zahra, "زهرا", "دوردست", "0499370996")
    known.world.enrol(known.zahra, known.far, audience="صنف")
    return known


@pytest.fixture
def of_one_centre(far: SimpleNamespace) -> As:
    """Return a function: somebody in a role at the centre of all courses but the far one."""

    def enter(role: Role, **part: object) -> Client:
        user = User.objects.create(username=f"near-{role.value}-{len(part)}")
        Membership.objects.create(user=user, role=role, **(part or {"centre": far.one.centre}))
        client = Client(headers={"accept-language": "fa"})
        client.force_login(user)
        return client

    return enter


def look_up(client: Client, number: str) -> tuple[object, ...]:
    before = Entry.objects.count()
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("web:people_search"), {"q": number})
    page = client.get(answer.headers["Location"]).content.decode()
    entries = list(Entry.objects.order_by("id")[before:].values_list("action", "details"))
    said = [line for line in page.splitlines() if "csrfmiddlewaretoken" not in line]
    return answer.status_code, answer.headers["Location"], len(asked), entries[:1], said


def test_somebody_elsewhere_is_looked_up_like_nobody(of_one_centre: As) -> None:
    """Same answer, same page, same questions to the database, same entry in the audit."""
    clerk = of_one_centre(Role.CENTRE_CLERK)
    assert look_up(clerk, "0499370996") == look_up(clerk, UNKNOWN)
    assert look_up(clerk, "0012345679")[1] != reverse("web:people")


@pytest.mark.parametrize("step", ["detail", "show", "forget", "readings"])
@pytest.mark.parametrize("role", [Role.CENTRE_CLERK, Role.EXAMINER, Role.AUDITOR])
def test_somebody_elsewhere_is_not_found(
    of_one_centre: As, far: SimpleNamespace, role: Role, step: str
) -> None:
    client = of_one_centre(role)
    address = reverse(f"web:person_{step}", args=[far.zahra.uid])
    why = {"occasion": "contact", "reason": REASON}
    assert client.get(address).status_code == 404
    assert client.post(address, why).status_code in (404, 405)
    assert Identity.objects.filter(person=far.zahra).exists()
    assert not Entry.objects.filter(action__startswith="read.").exists()


def test_names_elsewhere_are_not_asked_for(of_one_centre: As, far: SimpleNamespace) -> None:
    clerk = of_one_centre(Role.CENTRE_CLERK)
    address = reverse("web:export_ask", args=["course", far.far.uid])
    assert clerk.post(address, {"reason": REASON}).status_code == 404
    near = reverse("web:export_ask", args=["course", far.one.uid])
    assert clerk.post(near, {"reason": REASON}).status_code == 302


def test_a_file_holds_only_who_is_in_the_scope_of_who_asked(
    of_one_centre: As, sign_in, far: SimpleNamespace
) -> None:
    """An agreement runs in two centres; the clerk of one gets the people of that one."""
    clerk = of_one_centre(Role.CENTRE_CLERK)
    clerk.post(reverse("web:export_ask", args=["agreement", far.trade.uid]), {"reason": REASON})
    export = DataExport.objects.get()
    sign_in(Role.DIRECTOR).post(reverse("web:export_approve", args=[export.uid]))
    taken = clerk.post(reverse("web:export_take", args=[export.uid]))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(taken.streaming_content)))
    told = [cell.value for page in book for row in page.iter_rows() for cell in row]
    assert "کریمی" in told
    assert "دوردست" not in told


def test_requests_elsewhere_are_not_decided(
    of_one_centre: As, officer: Client, far: SimpleNamespace
) -> None:
    officer.post(reverse("web:export_ask", args=["course", far.far.uid]), {"reason": REASON})
    export = DataExport.objects.get()
    other = of_one_centre(Role.AGREEMENTS_OFFICER, partner=far.prisons)
    for step in ("detail", "approve", "decline", "withdraw", "take"):
        address = reverse(f"web:export_{step}", args=[export.uid])
        assert other.post(address, {"note": REASON}).status_code in (404, 405)
    assert other.get(reverse("web:export_detail", args=[export.uid])).status_code == 404
    assert export.title not in other.get(reverse("web:exports")).content.decode()


def test_who_decides_about_a_part_forgets_nobody_of_another(
    of_one_centre: As, sign_in, far: SimpleNamespace
) -> None:
    other = of_one_centre(Role.AGREEMENTS_OFFICER, partner=far.prisons)
    # Sara took courses of both partners: she is not for one of them to forget.
    address = reverse("web:person_forget", args=[far.sara.uid])
    other.post(address, {"reference": "1", "understood": "on"})
    assert Identity.objects.filter(person=far.sara).exists()
    for code in ("test-prisoner", "test-guild-member", ""):
        set_years(audience_code=code, years=1, by=None)
    page = other.get(reverse("web:retention")).content.decode()
    assert "پاکزاد" in page
    assert "دوردست" not in page
    other.post(reverse("web:retention_ask"))
    asked = RetentionRequest.objects.get()
    assert set(asked.people) == {far.ali.uid, far.sara.uid}
    # Who serves another partner finds nothing of it; a director of the whole approves it.
    elsewhere = of_one_centre(Role.AGREEMENTS_OFFICER, partner=far.trade.partner, valid_from=None)
    approve = reverse("web:retention_approve", args=[asked.uid])
    assert elsewhere.post(approve).status_code == 404
    sign_in(Role.DIRECTOR).post(approve)
    forgotten = set(Erasure.objects.values_list("person_id", flat=True))
    assert forgotten == {far.ali.pk, far.sara.pk}
    assert Identity.objects.filter(person=far.zahra).exists()

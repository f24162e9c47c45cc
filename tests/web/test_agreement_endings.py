"""Terminating, renewing and deleting on the pages: what is not known is asked."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from tafahom.access.rules import Role
from tafahom.agreements.models import Agreement
from tafahom.agreements.rules import LifeState
from tafahom.desk.needs import needs
from tafahom.jalali import from_jalali, to_jalali, today, year_end

YEAR = to_jalali(today())[0]


@pytest.fixture
def living(year: SimpleNamespace) -> Agreement:
    """In force around today, with 30 persons and 900 hours of this year."""
    found: Agreement = year.world.agreement(
        "9/05", year.guild, **{f"persons_{YEAR}": 30, f"person_hours_{YEAR}": 900}
    )
    first, last = from_jalali(YEAR - 1, 1, 1), year_end(YEAR + 1)
    Agreement.objects.filter(pk=found.pk).update(starts_on=first, ends_on=last)
    found.refresh_from_db()
    return found


def test_a_termination_asks_for_what_is_left(officer: Client, living: Agreement) -> None:
    move = reverse("web:agreement_move", args=[living.uid])
    asked = officer.post(move, {"to": "terminated", "reason": "فسخ"}).content.decode()
    living.refresh_from_db()
    assert living.state == LifeState.IN_FORCE
    assert 'name="left-persons"' in asked
    assert 'value="فسخ"' in asked
    address = reverse("web:agreement_terminate", args=[living.uid])
    # Nothing is filled in, not even what was delivered, and more than was promised is refused.
    assert officer.post(address, {"reason": "فسخ", "left-persons": "12"}).status_code == 200
    given = {"reason": "فسخ", "left-persons": "۳۱", "left-person_hours": "300"}
    assert "۳۱" in officer.post(address, given).content.decode()
    living.refresh_from_db()
    assert living.state == LifeState.IN_FORCE
    given["left-persons"] = "۱۲"
    said = officer.post(address, given, follow=True).content.decode()
    living.refresh_from_db()
    assert (living.state, living.stopped_on) == (LifeState.TERMINATED, today())
    assert dict(living.commitments.values_list("measure", "left")) == {
        "persons": 12, "person_hours": 300,
    }  # fmt: skip
    assert "ماندهٔ پس از خاتمه" in said
    assert officer.get(address).status_code == 302  # nothing is left to say


def test_a_termination_recorded_without_it_asks_later(officer: Client, living: Agreement) -> None:
    Agreement.objects.filter(pk=living.pk).update(state=LifeState.TERMINATED, stopped_on=today())
    assert [one.kind for one in needs(None) if one.of.key == living.uid] == ["left"]
    address = reverse("web:agreement_terminate", args=[living.uid])
    page = officer.get(reverse("web:agreement_detail", args=[living.uid])).content.decode()
    assert address in page
    officer.post(address, {"left-persons": "5", "left-person_hours": "0"})
    assert set(living.commitments.values_list("left", flat=True)) == {5, 0}
    assert not [one for one in needs(None) if one.of.key == living.uid]


def test_a_renewal_of_other_years_is_asked_about(officer: Client, living: Agreement) -> None:
    address = reverse("web:promise_record", args=[living.uid, "renewal"])
    given = {
        "number": "9/07", "starts_on": f"{YEAR + 2}/01/01", "ends_on": f"{YEAR + 3}/12/01",
    }  # fmt: skip
    asked = officer.post(address, given).content.decode()
    assert f'name="from-{YEAR + 3}"' in asked
    assert not living.successors.exists()
    # A year that nothing follows for has to be chosen.
    assert officer.post(address, given | {f"from-{YEAR + 2}": str(YEAR)}).status_code == 200
    chosen = {f"from-{YEAR + 2}": "none", f"from-{YEAR + 3}": str(YEAR)}
    page = officer.post(address, given | chosen, follow=True).content.decode()
    new = living.successors.get()
    assert set(new.commitments.values_list("year", "carried_from")) == {(YEAR + 3, YEAR)}
    assert "۳۰" in page
    assert "هنوز تعهدی ندارد" in page


def test_a_draft_is_deleted_after_it_was_said_what_goes(officer: Client, living: Agreement) -> None:
    address = reverse("web:agreement_delete", args=[living.uid])
    assert "btn-danger" not in officer.get(address).content.decode()
    officer.post(address)
    assert Agreement.objects.filter(pk=living.pk).exists()
    Agreement.objects.filter(pk=living.pk).update(state=LifeState.DRAFTING)
    assert "btn-danger" in officer.get(address).content.decode()
    assert officer.post(address).url == reverse("web:agreements")
    assert not Agreement.objects.filter(pk=living.pk).exists()


def test_others_end_nothing(sign_in, living: Agreement) -> None:
    for name in ("agreement_terminate", "agreement_delete", "renewal_start"):
        address = reverse(f"web:{name}", args=[living.uid])
        assert sign_in(Role.DIRECTOR).get(address).status_code == 404

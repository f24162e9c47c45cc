"""Registry files on pages: what they changed, what an undo does, and that it is done."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from rosters import prepare
from tafahom.access.rules import Role
from tafahom.audit.models import Entry
from tafahom.parties.actions import save_partner
from tafahom.parties.models import Partner
from tafahom.training.models import RegistryLoad
from tafahom.training.registries.loading import load

pytestmark = pytest.mark.django_db
GUILDS = "اتاق اصناف ایران"
LOADS = "web:loads"


@pytest.fixture
def loaded(tmp_path: Path) -> RegistryLoad:
    """A file that changed a partner and created two."""
    prepare()
    path = tmp_path / "partners.csv"
    lines = ("name,kind", f"{GUILDS},صنعت", "نهاد الف,صنعت", "نهاد ب,صنعت")
    path.write_text("\n".join(lines), encoding="utf-8")
    return RegistryLoad.objects.get(uid=load("partners", path, by=None).load_uid)


def test_what_an_undo_does_is_shown_and_nothing_is_done_by_looking(
    officer: Client, loaded: RegistryLoad
) -> None:
    address = reverse("web:load_undo", args=[loaded.uid])
    assert address in officer.get(reverse(LOADS)).content.decode()
    entries = Entry.objects.count()
    page = officer.get(address)
    assert (page.context["undone"].removed, page.context["undone"].restored) == (2, 1)
    assert "نهاد الف" in page.content.decode()
    assert Partner.objects.count() == 3
    assert Entry.objects.count() == entries
    officer.post(address)
    assert [row.name for row in Partner.objects.all()] == [GUILDS]
    assert Partner.objects.get().kind.name == "غیردولتی"
    assert address not in officer.get(reverse(LOADS)).content.decode()
    assert officer.get(address).status_code == 302
    assert Entry.objects.latest("id").by is not None


def test_what_stays_is_named_with_the_reason(officer: Client, loaded: RegistryLoad) -> None:
    save_partner(name="نهاد الف", kind="دولتی", by=None)
    address = reverse("web:load_undo", args=[loaded.uid])
    [(name, why)] = officer.get(address).context["staying"]
    assert name == "نهاد الف"
    assert why
    officer.post(address)
    assert Partner.objects.filter(name="نهاد الف").exists()
    assert not Partner.objects.filter(name="نهاد ب").exists()
    assert address in officer.get(reverse(LOADS)).content.decode()


def test_others_find_nothing(sign_in, loaded: RegistryLoad) -> None:
    for role in (Role.DIRECTOR, Role.CENTRE_CLERK, Role.AUDITOR, Role.ADMINISTRATOR):
        client = sign_in(role)
        assert client.get(reverse(LOADS)).status_code == 404
        assert client.post(reverse("web:load_undo", args=[loaded.uid])).status_code == 404
    assert Partner.objects.count() == 3

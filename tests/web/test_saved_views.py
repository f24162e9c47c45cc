"""Views of the list of agreements: saved, opened first, shared, renamed, removed."""

from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from pages import compact
from tafahom.access.models import User
from tafahom.access.rules import Role
from tafahom.desk.models import SavedView
from tafahom.desk.views import MAX_VIEWS

LIST = "/agreements/"


def save(client: Client, name: str = "پایان نزدیک", **given: str) -> str:
    query = given.pop("query", urlencode({"state": "in_force", "sort": "ends", "page": "3"}))
    response = client.post(reverse("web:saved_views"), {"name": name, "query": query} | given)
    assert response.status_code == 302
    return str(response.headers["Location"])


def test_a_view_keeps_what_the_form_holds(year: SimpleNamespace, officer: Client) -> None:
    query = urlencode({"state": "in_force", "q": "", "page": "2", "next": "//evil", "sort": "ends"})
    assert save(officer, query=query) == f"{LIST}?state=in_force&sort=ends"
    page = officer.get(LIST, {"state": "in_force", "sort": "ends"}).content.decode()
    page = compact(page)
    assert 'aria-current="true">پایان نزدیک' in page
    assert save(officer, "همه", query="") == f"{LIST}?view=all"


def test_the_list_opens_with_the_default(year: SimpleNamespace, officer: Client) -> None:
    assert officer.get(LIST).status_code == 200
    save(officer, is_default="on")
    assert officer.get(LIST).headers["Location"] == f"{LIST}?state=in_force&sort=ends"
    assert officer.get(LIST, {"view": "all"}).status_code == 200
    save(officer, "دیگری", query="level=national", is_default="on")
    assert officer.get(LIST).headers["Location"] == f"{LIST}?level=national"
    assert SavedView.objects.filter(is_default=True).count() == 1
    user = User.objects.get(username=Role.AGREEMENTS_OFFICER)
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.filter(user=user).update(is_default=True)


def test_views_are_ones_own_until_they_are_shared(year: SimpleNamespace, officer, sign_in) -> None:
    director, liaison = sign_in(Role.DIRECTOR), sign_in(Role.PARTNER_LIAISON)
    save(officer, "بدقول‌ها")
    view = SavedView.objects.get()
    change, remove = (
        reverse(f"web:saved_view_{name}", args=[view.uid]) for name in ("change", "remove")
    )
    assert "بدقول‌ها" not in director.get(LIST).content.decode()
    officer.post(change, {"name": "بدقول‌ها", "is_shared": "on"})
    assert "بدقول‌ها" in director.get(LIST).content.decode()
    assert "بدقول‌ها" in director.get(reverse("web:saved_views")).content.decode()
    # A partner's own people do not read what is said of partners.
    assert "بدقول‌ها" not in liaison.get(LIST).content.decode()
    for address in (change, remove):
        assert director.post(address, {"name": "x"}).status_code == 404
    User.objects.filter(pk=view.user_id).update(is_active=False)
    assert "بدقول‌ها" not in director.get(LIST).content.decode()


def test_a_view_is_renamed_and_removed(year: SimpleNamespace, officer: Client) -> None:
    save(officer, "یک")
    save(officer, "دو")
    one, two = SavedView.objects.order_by("id")
    change = reverse("web:saved_view_change", args=[one.uid])
    taken = officer.post(change, {"name": " دو "}, follow=True).content.decode()
    assert "همین نام" in taken
    empty = officer.post(change, {"name": "\u200b"}, follow=True).content.decode()
    assert "نام می‌خواهد" in empty
    officer.post(change, {"name": "<b>سه</b>"})
    page = officer.get(reverse("web:saved_views")).content.decode()
    assert "&lt;b&gt;سه" in page
    # The same name again is the same view, of the newer list.
    save(officer, "دو", query="level=national")
    two.refresh_from_db()
    assert (two.query, SavedView.objects.count()) == ("level=national", 2)
    officer.post(reverse("web:saved_view_remove", args=[one.uid]))
    assert [view.name for view in SavedView.objects.all()] == ["دو"]


def test_there_is_a_bound(year: SimpleNamespace, officer: Client) -> None:
    save(officer)
    view = SavedView.objects.get()
    SavedView.objects.bulk_create(
        SavedView(user=view.user, page=view.page, name=str(n)) for n in range(MAX_VIEWS - 1)
    )
    assert save(officer, "یکی بیش") == reverse("web:saved_views")
    assert SavedView.objects.count() == MAX_VIEWS

"""Views of lists that people save: their own, and those that colleagues share."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from tafahom.access.models import User
from tafahom.access.queries import roles_of
from tafahom.access.rules import Role
from tafahom.audit.actions import record
from tafahom.desk.models import SavedView
from tafahom.persian import clean, sort_key
from tafahom.refusals import Refusal

MAX_VIEWS = 50  # of one person for one list


@dataclass(frozen=True, slots=True)
class Views:
    """What somebody may choose from for a list."""

    own: list[SavedView]
    shared: list[SavedView]

    @property
    def default(self) -> SavedView | None:
        """The one to begin with."""
        return next((view for view in self.own if view.is_default), None)


def views_for(user: User, page: str) -> Views:
    """Return a person's views of a list, and those of colleagues.

    Who comes from a partner alone is no colleague: names of views may say what is thought of it.
    """
    wanted = Q(user=user)
    if roles_of(user) - {Role.PARTNER_LIAISON}:
        wanted |= Q(is_shared=True, user__is_active=True)
    found = list(SavedView.objects.filter(wanted, page=page).select_related("user"))
    found.sort(key=lambda view: (sort_key(view.name), view.pk))
    return Views(
        own=[view for view in found if view.user_id == user.pk],
        shared=[view for view in found if view.user_id != user.pk],
    )


@transaction.atomic
def save_view(
    *, user: User, page: str, name: str, query: str, is_shared: bool, is_default: bool
) -> SavedView:
    """Save a view; one of the same name takes the new query. Raises Refusal."""
    name = _checked(name)
    own = SavedView.objects.select_for_update().filter(user=user, page=page)
    view = own.filter(name=name).first()
    if view is None and own.count() >= MAX_VIEWS:
        raise Refusal("view.many", n=MAX_VIEWS)
    view = view or SavedView(user=user, page=page, name=name)
    view.query = query
    return _keep(view, is_shared=is_shared, is_default=is_default)


@transaction.atomic
def change_view(view: SavedView, *, name: str, is_shared: bool, is_default: bool) -> SavedView:
    """Rename a view, share it or not, begin with it or not. Raises Refusal."""
    view.name = _checked(name)
    others = SavedView.objects.filter(user=view.user, page=view.page).exclude(pk=view.pk)
    if others.filter(name=view.name).exists():
        raise Refusal("view.taken")
    return _keep(view, is_shared=is_shared, is_default=is_default)


@transaction.atomic
def remove_view(view: SavedView) -> None:
    """Remove a view; colleagues lose it too."""
    record(action="desk.view_removed", target=f"view:{view.uid}", by=view.user)
    view.delete()


def _checked(name: str) -> str:
    name = clean(name)[:80]
    if not name:
        raise Refusal("view.empty")
    return name


def _keep(view: SavedView, *, is_shared: bool, is_default: bool) -> SavedView:
    if is_default:
        own = SavedView.objects.filter(user=view.user, page=view.page, is_default=True)
        own.exclude(pk=view.pk).update(is_default=False)
    view.is_shared, view.is_default = is_shared, is_default
    view.save()
    record(
        action="desk.view_saved",
        target=f"view:{view.uid}",
        details={"page": view.page, "shared": is_shared},
        by=view.user,
    )
    return view

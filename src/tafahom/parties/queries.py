"""Reads of the lists that everything hangs on."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from tafahom.parties.models import NamedRecord, Province
from tafahom.scoping import current_scope


def home_province() -> Province:
    """The province this installation serves.

    Raises ImproperlyConfigured when reference data has not been loaded (``tafahom init``).
    """
    province = Province.objects.filter(code=settings.PROVINCE_CODE).first()
    if province is None:
        raise ImproperlyConfigured(
            f"There is no province {settings.PROVINCE_CODE!r}: run `tafahom init` first."
        )
    return province


def provinces_seen() -> QuerySet[Province]:
    """Return the provinces that lie whole in the present scope."""
    scope, provinces = current_scope(), Province.objects.all()
    return provinces if scope.is_everything else provinces.filter(pk__in=scope.provinces)


def ids_by_key(model: type[NamedRecord]) -> dict[str, int]:
    """Every record of a (small) list: normal key to id."""
    return dict(model._default_manager.values_list("key", "pk"))

"""Reads of the lists that everything hangs on."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet

from tafahom.parties.models import Audience, CentreType, County, NamedRecord, PartnerKind, Province
from tafahom.parties.words import ListWords, synonyms_of, word_file, words_of
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


def audience_words() -> ListWords:
    """Return what words mean in the list of audiences."""
    return words_of(Audience.objects.values_list("code", "name"), "audiences", "audience")


def centre_type_words() -> ListWords:
    """Return what words mean in the list of centre types."""
    return words_of(CentreType.objects.values_list("code", "name"), "centre_types", "centre_type")


def partner_kind_words() -> ListWords:
    """Return what words mean in the list of kinds of partners."""
    return words_of(PartnerKind.objects.values_list("code", "name"), "partner_kinds", "kind")


def county_words(province: Province) -> ListWords:
    """Return what words mean in the list of a province's counties; its own name may precede."""
    words = word_file()
    names = list(County.objects.filter(province=province).values_list("name", flat=True))
    synonyms = synonyms_of(words["counties"].get(province.code, {}), {name: name for name in names})
    prefixes = [*words["prefixes"]["county"], "استان", province.name]
    return ListWords(names, synonyms, prefixes)

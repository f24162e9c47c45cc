"""Reads of the lists that everything hangs on."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models import Manager, Q, QuerySet

from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    ListWord,
    NamedRecord,
    Partner,
    PartnerKind,
    Province,
)
from tafahom.persian import normal_key, search_words
from tafahom.registries.words import ListWords, synonyms_of, word_file
from tafahom.scoping import current_scope, everything

# What offices write for the entries of the lists.
WORDS = Path(__file__).with_name("words.toml")


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


def home_counties() -> QuerySet[County]:
    """Return the counties of the province this installation serves."""
    return County.objects.filter(province__code=settings.PROVINCE_CODE)


def provinces_seen() -> QuerySet[Province]:
    """Return the provinces that lie whole in the present scope."""
    scope, provinces = current_scope(), Province.objects.all()
    return provinces if scope.is_everything else provinces.filter(pk__in=scope.provinces)


def provinces_with_centres() -> QuerySet[Province]:
    """Return those of ``provinces_seen`` where anything is taught."""
    return provinces_seen().filter(centres__isnull=False).distinct()


def partners(*, text: str = "", kind: str = "") -> QuerySet[Partner]:
    """Return partners whose name holds every word of a text, of the kind with a code.

    Spelling does not matter; what is empty leaves nobody out.
    """
    found = Partner.objects.select_related("kind", "main_audience")
    for word in search_words(text):
        found = found.filter(key__contains=normal_key(word))
    return found.filter(kind__code=kind) if kind else found


def partners_by_id(ids: Collection[int]) -> QuerySet[Partner]:
    """Return those of some partners that lie in the scope."""
    return Partner.objects.filter(pk__in=ids)


def partner_ids() -> set[int]:
    """Return the partners of the scope, by id."""
    return set(Partner.objects.values_list("pk", flat=True))


def partner_names(uids: Collection[str]) -> dict[str, str]:
    """Return the names of partners by uid."""
    return dict(Partner.objects.filter(uid__in=uids).values_list("uid", "name"))


def partner_kinds() -> QuerySet[PartnerKind]:
    """Return the kinds of partners, as Persian sorts their names."""
    return PartnerKind.objects.all()


def centre_names(most: int) -> list[str]:
    """Return names of centres of the scope, so many at most."""
    return list(Centre.objects.order_by("name").values_list("name", flat=True)[:most])


def centre_titles(uids: Collection[str]) -> dict[str, str]:
    """Return the names of centres by uid."""
    return dict(Centre.objects.filter(uid__in=uids).values_list("uid", "name"))


def audience_names(codes: Collection[str]) -> dict[str, str]:
    """Return the names of audiences by code."""
    return dict(Audience.objects.filter(code__in=codes).values_list("code", "name"))


def province_names() -> dict[str, str]:
    """Return the name of every province by code."""
    return dict(Province.objects.values_list("code", "name"))


def is_revealing(path: str = "") -> Q:
    """Return the condition of partners, at a look-up path such as "partner__", that reveal status.

    One does that says so, or that says nothing and has a sensitive main audience.
    """
    said = Q(**{f"{path}reveals_status": True})
    unsaid = Q(**{f"{path}reveals_status": None, f"{path}main_audience__is_sensitive": True})
    return said | unsaid


@everything("what tells of people does so whoever asks")
def revealing_partners() -> frozenset[int]:
    """Return the partners that tell of whom they send: prisoners, refugees …; by id."""
    return frozenset(Partner.objects.filter(is_revealing()).order_by().values_list("pk", flat=True))


def sees_revealing_partner() -> bool:
    """Whether a partner in the scope tells of whom it sends."""
    return Partner.objects.filter(is_revealing()).exists()


def revealing_centre_types() -> frozenset[int]:
    """Return the types of places that tell of who is trained there, by id."""
    found = CentreType.objects.filter(reveals_status=True)
    return frozenset(found.order_by().values_list("pk", flat=True))


@everything("what tells of people does so whoever asks")
def revealing_centres() -> frozenset[int]:
    """Return the centres that say so, or that say nothing and are of such a type; by id."""
    found = Centre.objects.filter(
        Q(reveals_status=True) | Q(reveals_status=None, centre_type__reveals_status=True)
    )
    return frozenset(found.order_by().values_list("pk", flat=True))


def ids_by_key(model: type[NamedRecord]) -> dict[str, int]:
    """Every record of a (small) list: normal key to id."""
    return dict(model._default_manager.values_list("key", "pk"))


def audience_words() -> ListWords:
    """Return what words mean in the list of audiences."""
    return words_of(coded(Audience.objects), "audience", word_file(WORDS)["audiences"])


def centre_type_words() -> ListWords:
    """Return what words mean in the list of centre types."""
    return words_of(coded(CentreType.objects), "centre_type", word_file(WORDS)["centre_types"])


def partner_kind_words() -> ListWords:
    """Return what words mean in the list of kinds of partners."""
    return words_of(coded(PartnerKind.objects), "kind", word_file(WORDS)["partner_kinds"])


def county_words(province: Province) -> ListWords:
    """Return what words mean in the list of a province's counties; its own name may precede."""
    counties = County.objects.filter(province=province).values_list("pk", "name", "name")
    words = word_file(WORDS)["counties"].get(province.code, {})
    return words_of(counties, "county", words, prefixes=("استان", province.name))


def coded(entries: Manager[Any]) -> QuerySet[Any, tuple[int, str, str]]:
    """Return id, code and name of the entries of a list."""
    return entries.values_list("pk", "code", "name")


def words_of(
    entries: Iterable[tuple[int, str, str]],
    list_name: str,
    words: Mapping[str, Sequence[str]],
    *,
    prefixes: Iterable[str] = (),
) -> ListWords:
    """Return what words mean in a list of which id, code and name of the entries are given.

    ``words`` are those that offices in general write, by code; an administrator's go before them.
    """
    known = list(entries)
    names = {pk: name for pk, _code, name in known}
    added = ListWord.objects.filter(list_name=list_name).values_list("word", "entry_id")
    synonyms = [(word, names[pk]) for word, pk in added if pk in names]
    synonyms += synonyms_of(words, {code: name for _pk, code, name in known})
    prefixes = [*word_file(WORDS)["prefixes"].get(list_name, ()), *prefixes]
    return ListWords(names.values(), synonyms, prefixes)


def audiences() -> QuerySet[Audience]:
    """Return the groups that are trained, as Persian sorts their names."""
    return Audience.objects.all()


def counties(*, province: int | None = None) -> QuerySet[County]:
    """Return counties with their provinces, of one province (by id) or of all."""
    found = County.objects.select_related("province")
    return found if province is None else found.filter(province=province)


def provinces() -> QuerySet[Province]:
    """Return all provinces."""
    return Province.objects.all()


def named_choices(model: type[Province] | type[Centre] | type[Partner]) -> list[tuple[int, str]]:
    """Return id and name of each record, as Persian sorts the names."""
    return list(model.objects.values_list("pk", "name"))


def named_record(
    model: type[Province] | type[Centre] | type[Partner], pk: str
) -> Province | Centre | Partner | None:
    """Return the record of an id; None for none."""
    found: Province | Centre | Partner | None = model.objects.filter(pk=pk).first()
    return found

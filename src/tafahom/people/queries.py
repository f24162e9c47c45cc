"""Reading people and, where one may, who they are."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias, TypeVar

from django.db.models import Q

from tafahom.bulk import rows_with
from tafahom.identifiers import fida_code as read_fida_code
from tafahom.identifiers import national_id as read_national_id
from tafahom.people.models import Identity, Person
from tafahom.people.sealing import IdentityData, sealer
from tafahom.persian import normal_key, sort_key, to_ascii_digits, to_persian_digits, words
from tafahom.scoping import current_scope, everything

R = TypeVar("R")
# Ids by national ID, and by FIDA code.
PersonIds: TypeAlias = tuple[dict[str, int], dict[str, int]]
# SQLite and PostgreSQL both take this many values in one IN list.
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class PersonMatch:
    """A person found by name or number."""

    person_id: int
    uid: str
    gender: str
    identity: IdentityData


@dataclass(frozen=True, slots=True)
class KnownIdentity:
    """A stored identity found by one of its numbers."""

    person_id: int
    data: IdentityData


@dataclass(frozen=True, slots=True)
class _Opened:
    """All people in Persian order, with what a name search compares."""

    stamp: tuple[int, int, bytes]
    people: list[tuple[str, PersonMatch]]


_opened: _Opened | None = None


def identities_of(persons: Iterable[int | Person]) -> dict[int, IdentityData]:
    """Identity by person id, in one query for 10,000 people."""
    ids = [person.pk if isinstance(person, Person) else person for person in persons]
    seal = sealer()
    found: dict[int, IdentityData] = {}
    for chunk in chunks(ids):
        rows = Identity.objects.filter(person_id__in=chunk)
        for person_id, sealed, version in rows.values_list("person_id", "sealed", "key_version"):
            found[person_id] = seal.open(sealed, person_id=person_id, key_version=version)
    return found


def with_identities(
    rows: Iterable[R], person_id: Callable[[R], int]
) -> list[tuple[R, IdentityData | None]]:
    """Return rows, each with who its person is, in the Persian order of last and first names.

    None, and last, are those of whom no identity is kept.
    """
    listed = list(rows)
    found = identities_of(map(person_id, listed))
    pairs = [(row, found.get(person_id(row))) for row in listed]
    return sorted(pairs, key=lambda pair: (pair[1] is None, _order(pair[1]) if pair[1] else ()))


def find_by_national_id(national_id: str) -> Person | None:
    """The person with this national ID, written in any way; None when there is none."""
    try:
        number = read_national_id(national_id)
    except ValueError:
        return None
    index = sealer().national_id_index(number)
    return Person.objects.filter(identity__national_id_index=index).first()


def search_people(text: str) -> list[PersonMatch]:
    """People in the scope whose name holds every word of the text, or who have this number.

    Spelling does not matter («كريمي» finds «کریمی»). Sorted by last and first name in Persian
    order; an empty text finds everybody.
    """
    number = to_ascii_digits(text).strip()
    if number.isdigit():
        return _with_number(number)
    wanted = [key for word in words(text) if (key := normal_key(word))]
    everybody = _open_all().people
    found = [match for names, match in everybody if all(word in names for word in wanted)]
    if current_scope().is_everything:
        return found
    seen = set(Person.objects.values_list("pk", flat=True))
    return [match for match in found if match.person_id in seen]


def count_people() -> int:
    """Return how many people the present scope holds, with or without a name."""
    return Person.objects.count()


def forget_opened() -> None:
    """Drop the names kept for searching; other processes do at their next search."""
    global _opened
    _opened = None


def mask(national_id: str) -> str:
    """A number with its middle hidden, in Persian digits: ۰۰۱•••••۷۹."""
    if len(national_id) < 6:
        return "•" * len(national_id)
    hidden = "•" * (len(national_id) - 5)
    return to_persian_digits(national_id[:3] + hidden + national_id[-2:])


def known_identities(
    *, national_ids: Sequence[str], fida_codes: Sequence[str]
) -> tuple[dict[str, KnownIdentity], dict[str, KnownIdentity]]:
    """Stored identities by national ID and by FIDA code, of those numbers that are known."""
    seal = sealer()
    return (
        _known("national_id_index", {seal.national_id_index(n): n for n in national_ids}),
        _known("fida_index", {seal.fida_index(n): n for n in fida_codes}),
    )


def person_ids_by_number(*, national_ids: Sequence[str], fida_codes: Sequence[str]) -> PersonIds:
    """As ``known_identities``, with the person's id only: nothing is opened."""
    seal = sealer()
    return (
        _person_ids("national_id_index", {seal.national_id_index(n): n for n in national_ids}),
        _person_ids("fida_index", {seal.fida_index(n): n for n in fida_codes}),
    )


def chunks(values: Iterable[int | str | None]) -> Iterable[list[int | str | None]]:
    """The values in lists short enough for one IN."""
    iterator = iter(values)
    while chunk := list(islice(iterator, CHUNK)):
        yield chunk


def _known(column: str, numbers: dict[str | None, str]) -> dict[str, KnownIdentity]:
    seal = sealer()
    found: dict[str, KnownIdentity] = {}
    columns = (column, "person_id", "sealed", "key_version")
    for index, person_id, sealed, version in _identities(columns, numbers):
        data = seal.open(sealed, person_id=person_id, key_version=version)
        found[numbers[index]] = KnownIdentity(person_id, data)
    return found


def _person_ids(column: str, numbers: dict[str | None, str]) -> dict[str, int]:
    return {numbers[index]: pk for index, pk in _identities((column, "person_id"), numbers)}


def _identities(columns: Sequence[str], numbers: dict[str | None, str]) -> list[tuple[Any, ...]]:
    """Columns of the identities whose first column is a key of ``numbers``."""
    indexes = [index for index in numbers if index]
    return rows_with(Identity, columns, columns[0], indexes) if indexes else []


def _with_number(number: str) -> list[PersonMatch]:
    seal = sealer()
    indexes: dict[str, str | None] = {}
    for column, read, index in (
        ("national_id_index", read_national_id, seal.national_id_index),
        ("fida_index", read_fida_code, seal.fida_index),
    ):
        try:
            indexes[column] = index(read(number))
        except ValueError:
            continue
    if not indexes:
        return []
    # One question whether somebody is found or not.
    known = Q(pk__in=[])
    for column, value in indexes.items():
        known |= Q(**{f"identity__{column}": value})
    people = list(Person.objects.filter(known).order_by("pk"))
    identities = identities_of(people)
    return [
        PersonMatch(person.pk, person.uid, person.gender, identities[person.pk])
        for person in people
    ]


def _open_all() -> _Opened:
    """Everybody, opened once and kept until identities change.

    The newest row's ciphertext is part of the stamp: its nonce is random, so two databases
    that happen to count alike are told apart.
    """
    global _opened
    with everything("one index of names serves all who search"):
        stamp = _stamp()
        if _opened is None or _opened.stamp != stamp:
            rows = sorted(_everybody(), key=lambda row: _order(row[1].identity))
            _opened = _Opened(stamp, rows)
    return _opened


def _stamp() -> tuple[int, int, bytes]:
    newest = Identity.objects.order_by("-pk").values_list("pk", "sealed").first()
    if newest is None:
        return (0, 0, b"")
    return (newest[0], Identity.objects.count(), bytes(newest[1])[:24])


def _order(identity: IdentityData) -> tuple[str, str]:
    return (sort_key(identity.last_name), sort_key(identity.first_name))


def _everybody() -> Iterable[tuple[str, PersonMatch]]:
    seal = sealer()
    rows = Identity.objects.values_list(
        "person_id", "person__uid", "person__gender", "sealed", "key_version"
    )
    for person_id, uid, gender, sealed, version in rows.iterator(chunk_size=CHUNK):
        data = seal.open(sealed, person_id=person_id, key_version=version)
        names = f"{normal_key(data.first_name)}\n{normal_key(data.last_name)}"
        yield names, PersonMatch(person_id, uid, gender, data)

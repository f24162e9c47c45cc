"""Writing people and their sealed identities, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from tafahom.bulk import allocate_ids, insert_rows, new_uids
from tafahom.people.models import Identity, Person
from tafahom.people.queries import chunks, forget_opened
from tafahom.people.sealing import IdentityData, sealer


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be recorded: who it is, and the gender as a roster gives it."""

    gender: str
    identity: IdentityData


def create_persons(newcomers: Sequence[NewPerson]) -> Sequence[int]:
    """Record people with their identities; their ids in the same order.

    Call inside a transaction. The caller has checked that none is known yet; a number that is
    taken raises IntegrityError. Recorded in the audit by the import that brought them.
    """
    if not newcomers:
        return []
    hold_keys()
    seal = sealer()
    ids = allocate_ids(Person, len(newcomers))
    uids = new_uids(len(newcomers))
    insert_rows(
        Person,
        ("id", "uid", "gender"),
        [(pk, uid, new.gender) for pk, uid, new in zip(ids, uids, newcomers, strict=True)],
    )
    identities = [new.identity for new in newcomers]
    insert_rows(
        Identity,
        ("person_id", "sealed", "national_id_index", "fida_index", "key_version"),
        [
            (
                pk,
                sealed,
                seal.national_id_index(identity.national_id),
                seal.fida_index(identity.fida_code),
                seal.key_version,
            )
            for pk, identity, sealed in zip(
                ids, identities, seal.seal_all(zip(ids, identities, strict=True)), strict=True
            )
        ],
    )
    return ids


def destroy_identities(person_ids: Sequence[int]) -> int:
    """Destroy who these people are, look-up digests included; return how many were known.

    Call inside a transaction. The people stay, without a name. What the database file held is
    overwritten on SQLite; PostgreSQL leaves it until the space is used again. Recorded in
    the audit by the erasure that asked for it.
    """
    destroyed = 0
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA secure_delete = ON")
    for chunk in chunks(person_ids):
        destroyed += Identity.objects.filter(person_id__in=chunk).delete()[0]
    forget_opened()
    return destroyed


def hold_keys() -> None:
    """Let no key be retired between our choice of it and the end of the transaction.

    ``people.rotation.retire`` waits for this lock. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE people_identity IN ROW EXCLUSIVE MODE")

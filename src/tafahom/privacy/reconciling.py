"""People without an identity beside the erasures that took it."""

from django.db.models import Exists, OuterRef

from tafahom.audit.models import Entry
from tafahom.people.models import Person
from tafahom.privacy.models import Erasure


def lost_identities() -> int:
    """Return how many people have no identity though nobody erased it."""
    erased = Erasure.objects.filter(person=OuterRef("pk"))
    return Person.objects.filter(~Exists(erased), identity=None).count()


def unexplained_erasures() -> int:
    """Return how many erasures no entry of the audit tells of."""
    told = set(
        Entry.objects.filter(action="privacy.person_erased").values_list("target", flat=True)
    )
    uids = Erasure.objects.values_list("person__uid", flat=True)
    return sum(f"person:{uid}" not in told for uid in uids)

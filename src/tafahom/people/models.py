"""Trainees, in parts: a pseudonymous person and, apart from it, a sealed identity.

The third part, sensitive status, is on the enrolment (``training``), because it says why a
person is here this time and not what the person is.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tafahom.parties.models import new_uid
from tafahom.scoping import ScopedManager, ScopePaths


class Gender(models.TextChoices):
    """As rosters give it; empty when they do not."""

    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Person(models.Model):
    """A trainee without a name: what figures need and nothing that identifies."""

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender.choices, blank=True)

    objects = ScopedManager()
    scope_paths = ScopePaths()  # by what they take part in: training says how

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(gender__in=["", *Gender.values]), name="person_gender_known"
            )
        ]

    def __str__(self) -> str:
        return self.uid


class Identity(models.Model):
    """Names, numbers, birth date and telephone of one person, encrypted.

    ``sealed`` is AES-GCM over a JSON object (see ``people.sealing``). The two indexes are
    keyed HMAC-SHA-256 digests in hexadecimal, for exact look-up and uniqueness; without the
    key they tell nothing. ``key_version`` names the key that sealed the row.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="identity")
    sealed = models.BinaryField()
    national_id_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - NULL is exempt from uniqueness, "" is not
    fida_index = models.CharField(max_length=64, null=True, unique=True)  # noqa: DJ001 - as above
    key_version = models.PositiveSmallIntegerField()

    objects = ScopedManager()
    scope_paths = Person.scope_paths.under("person", many=True)
    sealed_by = "person_id"

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.CheckConstraint(
                condition=Q(national_id_index__isnull=False) | Q(fida_index__isnull=False),
                name="identity_has_a_number",
            )
        ]

    def __str__(self) -> str:
        return f"identity of {self.person_id}"

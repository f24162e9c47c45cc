"""Users, what roles they hold, and where."""

from collections.abc import Iterator

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tafahom.access.accounts.rules import GIVEN_BY_TWO, RequestKind
from tafahom.access.passwords import folded
from tafahom.access.requests.models import TwoPersonRequest
from tafahom.access.rules import Part, Role
from tafahom.parties.models import Centre, Partner, Province, new_uid
from tafahom.scoping import EVERYTHING, Scope


class RoleName(models.TextChoices):
    """``rules.Role`` with its names."""

    HEADQUARTERS = Role.HEADQUARTERS, _("Headquarters")
    DIRECTOR = Role.DIRECTOR, _("Provincial director")
    AGREEMENTS_OFFICER = Role.AGREEMENTS_OFFICER, _("Agreements officer")
    PLANNER = Role.PLANNER, _("Planner")
    CENTRE_CLERK = Role.CENTRE_CLERK, _("Centre clerk")
    INSTRUCTOR = Role.INSTRUCTOR, _("Instructor")
    EXAMINER = Role.EXAMINER, _("Examiner")
    PARTNER_LIAISON = Role.PARTNER_LIAISON, _("Partner liaison")
    PUBLIC_RELATIONS = Role.PUBLIC_RELATIONS, _("Public relations")
    AUDITOR = Role.AUDITOR, _("Auditor")
    ADMINISTRATOR = Role.ADMINISTRATOR, _("Administrator")


class User(AbstractUser):
    """An account. What it may do follows from its memberships alone.

    ``visits_ended`` counts how often all its visits were ended at once: a session begun before
    is worth nothing.
    """

    visits_ended = models.PositiveIntegerField(default=0, editable=False)

    @property
    def display_name(self) -> str:
        """Who it is: the full name, or how they log in where there is none."""
        return self.get_full_name() or self.get_username()

    def set_password(self, raw_password: str | None) -> None:
        """Keep a password, the same for every keyboard; None for none."""
        super().set_password(raw_password and folded(raw_password))

    def check_password(self, raw_password: str) -> bool:
        """Whether this is the password. It is not hashed anew: each change of it is an act."""
        return check_password(folded(raw_password), self.password)

    def get_session_auth_hash(self) -> str:
        """Return what a session must know to be one of this account."""
        return f"{super().get_session_auth_hash()}.{self.visits_ended}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Return the same under signing secrets of before."""
        for known in super().get_session_auth_fallback_hash():
            yield f"{known}.{self.visits_ended}"


# The field of a membership that names each part, and what stands there when it names none.
FIELDS: dict[Part, str] = {
    Part.PROVINCE: "province",
    Part.CENTRE: "centre",
    Part.PARTNER: "partner",
    Part.AGREEMENT: "agreement_uid",
    Part.COURSE: "course_uid",
}
NO_PART: dict[str, str | None] = {
    "province": None,
    "centre": None,
    "partner": None,
    "agreement_uid": "",
    "course_uid": "",
}


def _one_at_most() -> Q:
    """Return the condition that no two parts are named."""
    found = Q()
    for part in FIELDS.values():
        others = Q()
        for name, empty in NO_PART.items():
            if name != part:
                others &= Q(**{f"{name}__isnull": True} if empty is None else {name: empty})
        found |= others
    return found


def _another(one: str, other: str) -> Q:
    """Return the condition that two columns do not name the same account."""
    return Q(**{f"{one}__isnull": True}) | Q(**{f"{other}__isnull": True}) | ~Q(**{one: F(other)})


_PART_COLUMNS = (
    Coalesce("province", 0),
    Coalesce("centre", 0),
    Coalesce("partner", 0),
    F("agreement_uid"),
    F("course_uid"),
)


class OfAPart(models.Model):
    """What is for the whole installation, or for one part of it.

    The part is at most one of province, centre, partner, agreement and course. Agreements and
    courses are upper floors: they are named by their external id.
    """

    province = models.ForeignKey(Province, models.CASCADE, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(Centre, models.CASCADE, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="+")
    province_id: int | None
    centre_id: int | None
    partner_id: int | None
    agreement_uid = models.CharField(max_length=24, blank=True)
    course_uid = models.CharField(max_length=24, blank=True)

    class Meta:
        abstract = True

    @property
    def part(self) -> Part | None:
        """What it is confined to; None for the whole installation."""
        return next((part for part in FIELDS if self._named(part)), None)

    @property
    def of(self) -> Province | Centre | Partner | str | None:
        """The record, or the external id of the agreement or course, that it is confined to."""
        part = self.part
        named: Province | Centre | Partner | str | None = part and getattr(self, FIELDS[part])
        return named

    @property
    def part_key(self) -> int | str | None:
        """The id or external id of what it is confined to; None for the whole."""
        part = self.part
        return self._named(part) if part else None

    def _named(self, part: Part) -> int | str | None:
        """Return the id or external id that stands for a part; nothing where none is named."""
        field = self._meta.get_field(FIELDS[part])
        named: int | str | None = getattr(self, field.attname)  # type: ignore[union-attr]  # a column
        return named


class Membership(OfAPart):
    """A role held by a user, between dates, for the whole installation or for one part of it.

    See ``rules.is_fitting`` for which role may be given for what. ``given_by`` and
    ``confirmed_by`` are the two persons who gave it; ``at_machine`` says that whoever works on the
    machine was one of them, or both. ``confirmed_at`` is when somebody last said that it is needed,
    ``reviewed_by`` who did so since it was given.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=24, choices=RoleName.choices)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    given_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    at_machine = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(default=timezone.now)
    reviewed_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    # Agreements that are not the partner's own (``reaching``); ``memberships_of`` finds them.
    reached_also: frozenset[str] = frozenset()

    class Meta:
        constraints = [
            models.UniqueConstraint("user", "role", *_PART_COLUMNS, name="role_once_for_a_part"),
            models.CheckConstraint(
                condition=Q(role__in=RoleName.values), name="membership_role_known"
            ),
            models.CheckConstraint(condition=_one_at_most(), name="membership_for_one_part"),
            models.CheckConstraint(
                condition=_another("given_by", "user")
                & _another("confirmed_by", "user")
                & _another("confirmed_by", "given_by")
                & _another("reviewed_by", "user"),
                name="membership_by_others",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(role.value for role in GIVEN_BY_TWO))
                | Q(given_by__isnull=True)
                | Q(confirmed_by__isnull=False)
                | Q(at_machine=True),
                name="membership_given_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"

    @property
    def is_over(self) -> bool:
        """Whether its last day has passed."""
        return self.valid_to is not None and self.valid_to < timezone.localdate()

    @property
    def scope(self) -> Scope:
        """What the membership lets its user see, whatever the act."""
        part = self.part
        if part is None:
            return EVERYTHING
        named = Scope(**{f"{part.value}s": frozenset({self._named(part)})})  # type: ignore[arg-type]  # an id or a uid, as the part has it
        return named | Scope(agreements=self.reached_also)


class AccountRequest(TwoPersonRequest, OfAPart):
    """What one person wants done with an account, until another confirms it.

    Of a role the part and ``valid_to`` are as in the membership that comes of it: nothing is held
    before. Other kinds have neither.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="requests")
    kind = models.CharField(
        max_length=12,
        choices=[
            (RequestKind.ROLE.value, _("A role")),
            (RequestKind.SECOND_STEP.value, _("Taking the second step away")),
            (RequestKind.PASSWORD.value, _("A link to a new password")),
            (RequestKind.OPENING.value, _("Opening a closed account")),
        ],
    )
    role = models.CharField(max_length=24, choices=RoleName.choices, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta(TwoPersonRequest.Meta):
        abstract = False
        constraints = [
            *TwoPersonRequest.Meta.constraints,
            models.CheckConstraint(
                condition=_another("asked_by", "user") & _another("decided_by", "user"),
                name="accountrequest_by_others",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[kind.value for kind in RequestKind]),
                name="accountrequest_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(kind=RequestKind.ROLE.value, role__in=RoleName.values)
                | (~Q(kind=RequestKind.ROLE.value) & Q(role="")),
                name="accountrequest_role_known",
            ),
            models.CheckConstraint(condition=_one_at_most(), name="accountrequest_for_one_part"),
            models.UniqueConstraint(
                "user",
                "kind",
                "role",
                *_PART_COLUMNS,
                condition=Q(state="waiting"),
                name="accountrequest_waits_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.state}"


class Invitation(models.Model):
    """A link by which an account gets its password, once: the first one, or a new one.

    Who has the link is let set the password, so only the token's digest is kept. It is open
    until it is used, revoked or over.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.uid}"

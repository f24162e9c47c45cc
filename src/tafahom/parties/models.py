"""Who takes part: provinces and counties, centres, partners and the audiences they send."""

import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from tafahom.scoping import ScopedManager, ScopePaths


def new_uid() -> str:
    """An opaque external identifier for addresses: 96 random bits in hexadecimal.

    Hexadecimal, so that none begins with a hyphen: on the command line that would be an option.
    """
    return secrets.token_hex(12)


class NamedRecord(models.Model):
    """A thing known by its Persian name.

    ``name`` is shown as it was typed, cleaned. ``key`` is its normal form
    (``persian.normal_key``): two spellings of one name share it. ``sort_key``
    (``persian.sort_key``) orders rows as a Persian reader expects on any database.
    Write through ``parties.actions``, which fill the three together.
    """

    name = models.CharField(_("name"), max_length=300)
    key = models.CharField(max_length=300, unique=True, editable=False)
    sort_key = models.CharField(max_length=600, db_index=True, editable=False)

    class Meta:
        abstract = True
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name


class Province(NamedRecord):
    """One of the 31 provinces; figures roll up county, province, nation."""

    code = models.CharField(_("code"), max_length=40, unique=True)


class County(models.Model):
    """A county (شهرستان) of one province. The same name may occur in two provinces."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="counties")
    name = models.CharField(_("name"), max_length=120)
    key = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=240, db_index=True, editable=False)

    class Meta:
        ordering = ["sort_key"]
        constraints = [models.UniqueConstraint(fields=["province", "key"], name="county_once")]

    def __str__(self) -> str:
        return self.name


class CentreType(NamedRecord):
    """What sort of place a centre is: fixed urban, prison, garrison … An editable list.

    ``reveals_status`` says that who is trained in such a place is known by that to be of a
    sensitive group.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    reveals_status = models.BooleanField(_("reveals status"), default=False)


class Centre(NamedRecord):
    """A training centre (مرکز آموزش): where courses run.

    ``reveals_status`` is as its type has it where None.
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    centre_type = models.ForeignKey(
        CentreType, models.PROTECT, null=True, blank=True, related_name="centres"
    )
    county = models.ForeignKey(
        County, models.PROTECT, null=True, blank=True, related_name="centres"
    )
    province = models.ForeignKey(Province, models.PROTECT, related_name="centres")
    reveals_status = models.BooleanField(_("reveals status"), null=True, blank=True)

    objects = ScopedManager()
    scope_paths = ScopePaths(provinces="province", centres="pk")


class PartnerKind(NamedRecord):
    """Kind of partner: executive agency, public institution, guild … An editable list."""

    code = models.CharField(_("code"), max_length=40, unique=True)


class Audience(NamedRecord):
    """A group of trainees (گروه مخاطب): why a person is here *in this enrolment*.

    ``is_sensitive`` marks groups that say something private of a person (prisoner, recovering
    from addiction, refugee, welfare client): they never leave in a public file.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    is_sensitive = models.BooleanField(_("sensitive"), default=False)


class ListWord(models.Model):
    """A word that an administrator says stands for an entry of a closed list.

    ``list_name`` is the list as rosters name its column (audience, cluster …), ``entry_id`` the
    entry in the list's own table. What offices in general write is in ``words.toml``.
    """

    list_name = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    word = models.CharField(_("word"), max_length=300)
    key = models.CharField(max_length=300, editable=False)

    class Meta:
        ordering = ["list_name", "key"]
        constraints = [models.UniqueConstraint(fields=["list_name", "key"], name="list_word_once")]

    def __str__(self) -> str:
        return self.word


class Partner(NamedRecord):
    """The other party of an agreement (دستگاه طرف تفاهم‌نامه).

    ``legal_id`` is its number in the register of legal entities, empty where nobody gave it.
    ``reveals_status`` says that whom it sends is known by that to be of a sensitive group; None:
    if its main audience is one (``queries.revealing_partners``).
    """

    uid = models.CharField(max_length=24, unique=True, default=new_uid, editable=False)
    kind = models.ForeignKey(PartnerKind, models.PROTECT, related_name="partners")
    main_audience = models.ForeignKey(
        Audience, models.PROTECT, null=True, blank=True, related_name="partners"
    )
    legal_id = models.CharField(_("legal ID"), max_length=11, blank=True)
    reveals_status = models.BooleanField(_("reveals status"), null=True, blank=True)

    objects = ScopedManager()
    scope_paths = ScopePaths(partners="pk")

    class Meta(NamedRecord.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["legal_id"], condition=~models.Q(legal_id=""), name="partner_legal_id_once"
            )
        ]

"""Writes of parties: the only place that fills name, key and sort key together."""

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import DatabaseError, transaction

from tafahom.audit.actions import record
from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    NamedRecord,
    Partner,
    PartnerKind,
    Province,
)
from tafahom.persian import clean, normal_key, sort_key


class ChangeRefusedError(Exception):
    """The database refused to change ``record``; ``names`` are the columns, the cause says why."""

    def __init__(self, record: Any, names: Sequence[str]) -> None:
        super().__init__(f"{record._meta.db_table}: {', '.join(names)}")
        self.record, self.names = record, tuple(names)


class UnknownEntryError(ValueError):
    """A name that a closed list does not have: nothing is added to a list by using it."""


Named = TypeVar("Named", bound=NamedRecord)
REFERENCE = Path(__file__).with_name("reference.toml")
COUNTIES = Path(__file__).with_name("counties.toml")


def name_fields(name: str) -> dict[str, str]:
    """The three columns a name fills. Raises ValueError when nothing is left of the name."""
    shown = clean(name)
    key = normal_key(shown)
    if not key:
        raise ValueError("a name is needed")
    return {"name": shown, "key": key, "sort_key": sort_key(shown)}


def code_from_key(key: str) -> str:
    """A stable code for a record that came without one."""
    return "x-" + hashlib.sha256(key.encode()).hexdigest()[:12]


def named_record(
    model: type[Named], name: str, *, code: str = "", **defaults: Any
) -> tuple[Named, bool]:
    """The record of this name (any spelling) or code, made with ``defaults`` when missing.

    Returns it and whether it was created. A found record is left as it is: lists are edited
    by people, and what they wrote stays.
    """
    fields = name_fields(name)
    manager = model._default_manager
    found = manager.filter(code=code).first() if code else None
    found = found or manager.filter(key=fields["key"]).first()
    if found is not None:
        return found, False
    if any(field.name == "code" for field in model._meta.concrete_fields):
        defaults["code"] = code or code_from_key(fields["key"])
    return manager.create(**fields, **defaults), True


def listed_record(model: type[Named], name: str) -> Named:
    """Return the record of this name (any spelling) in a closed list. Raises UnknownEntryError."""
    found = model._default_manager.filter(key=normal_key(name)).first()
    if found is None:
        raise UnknownEntryError(f"{name!r} is not in the list of {model._meta.verbose_name_plural}")
    return found


def county_record(province: Province, name: str) -> County:
    """Return the county of this name in the province. Raises UnknownEntryError."""
    found = County.objects.filter(province=province, key=normal_key(name)).first()
    if found is None:
        raise UnknownEntryError(f"{name!r} is no county of {province.name}")
    return found


def load_named(model: type[Named], names: Mapping[str, str], **defaults: Any) -> int:
    """Add the records of a reference list that are missing, by code and name; how many were."""
    codes, keys = set[str](), set[str]()
    for code, key in model._default_manager.values_list("code", "key"):
        codes.add(code)
        keys.add(key)
    missing = []
    for code, name in names.items():
        fields = name_fields(name)
        if code not in codes and fields["key"] not in keys:
            keys.add(fields["key"])
            missing.append(model(code=code, **fields, **defaults))
    model._default_manager.bulk_create(missing)
    return len(missing)


def load_counties(counties: Mapping[str, Iterable[str]]) -> int:
    """Add the counties that provinces, by code, do not have yet; how many were."""
    provinces = dict(Province.objects.values_list("code", "pk"))
    known = set(County.objects.values_list("province_id", "key"))
    missing = [
        County(province_id=provinces[code], **fields)
        for code, names in counties.items()
        for fields in map(name_fields, names)
        if (provinces[code], fields["key"]) not in known
    ]
    County.objects.bulk_create(missing)
    return len(missing)


@transaction.atomic
def load_reference_data(*, by: AbstractBaseUser | None = None) -> int:
    """Add what is missing of provinces, counties, kinds, types and audiences; how many were.

    Safe to repeat: nothing that exists is changed.
    """
    data = tomllib.loads(REFERENCE.read_text(encoding="utf-8"))
    created = load_named(Province, data["provinces"])
    created += load_counties(tomllib.loads(COUNTIES.read_text(encoding="utf-8")))
    created += load_named(CentreType, data["revealing_centre_types"], reveals_status=True)
    created += load_named(CentreType, data["centre_types"])
    created += load_named(PartnerKind, data["partner_kinds"])
    created += load_named(Audience, data["sensitive_audiences"], is_sensitive=True)
    created += load_named(Audience, data["audiences"])
    if created:
        record(action="parties.reference_loaded", details={"created": created}, by=by)
    return created


def save_partner(
    *,
    name: str,
    kind: str,
    main_audience: str = "",
    reveals_status: bool | None = None,
    by: AbstractBaseUser | None,
) -> tuple[Partner, bool]:
    """Register a partner or correct its kind and main audience; whether anything changed.

    What is empty, or None, is left as it is. ``by`` is recorded by the caller, once for the whole registry. Raises ValueError without a
    name, UnknownEntryError for a kind or audience that its list does not have.
    """
    kind_record = listed_record(PartnerKind, kind)
    audience = listed_record(Audience, main_audience) if main_audience.strip() else None
    partner, created = named_record(
        Partner,
        name,
        kind=kind_record,
        main_audience=audience,
        reveals_status=reveals_status,
    )
    if created:
        return partner, True
    wanted = {"kind_id": kind_record.pk}
    if audience:
        wanted["main_audience_id"] = audience.pk
    if reveals_status is not None:
        wanted["reveals_status"] = reveals_status
    return partner, update_changed(partner, wanted)


@transaction.atomic
def set_reveals_status(
    partner: Partner, reveals: bool | None, *, by: AbstractBaseUser | None
) -> bool:
    """Say whether a partner tells of whom it sends; whether that changed anything.

    None: if its main audience is sensitive. Moves no figure, so closed months do not stand
    against it.
    """
    changed = update_changed(partner, {"reveals_status": reveals})
    if changed:
        record(action="parties.reveals_status_set", target=f"partner:{partner.uid}", by=by)
    return changed


def save_centre(
    *,
    name: str,
    centre_type: str = "",
    county: str = "",
    reveals_status: bool | None = None,
    province: Province,
    by: AbstractBaseUser | None,
) -> tuple[Centre, bool]:
    """Register a centre or correct its type and county; whether anything changed.

    What is empty, or None, is left as it is. Raises UnknownEntryError for a type or county that its list does not have.
    """
    type_record = listed_record(CentreType, centre_type) if centre_type.strip() else None
    county_found = county_record(province, county) if county.strip() else None
    centre, created = named_record(
        Centre,
        name,
        province=province,
        centre_type=type_record,
        county=county_found,
        reveals_status=reveals_status,
    )
    if created:
        return centre, True
    wanted: dict[str, int] = {}
    if type_record:
        wanted["centre_type_id"] = type_record.pk
    if county_found:
        wanted["county_id"] = county_found.pk
    if reveals_status is not None:
        wanted["reveals_status"] = reveals_status
    return centre, update_changed(centre, wanted)


def update_changed(instance: Any, wanted: Mapping[str, Any]) -> bool:
    """Set the columns that differ and save only these; whether there were any.

    Raises ChangeRefusedError when the database does not take it; the transaction goes on.
    """
    changed = [name for name, value in wanted.items() if getattr(instance, name) != value]
    for name in changed:
        setattr(instance, name, wanted[name])
    if changed:
        try:
            with transaction.atomic():
                instance.save(update_fields=changed)
        except DatabaseError as error:
            raise ChangeRefusedError(instance, changed) from error
    return bool(changed)

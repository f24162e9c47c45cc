"""Registries of partners and of centres, from CSV or workbooks."""

from operator import call
from pathlib import Path

from django.contrib.auth.base_user import AbstractBaseUser

from tafahom.parties.actions import save_centre, save_partner
from tafahom.parties.queries import (
    audience_words,
    centre_type_words,
    county_words,
    home_province,
    partner_kind_words,
)
from tafahom.registries.loading import (
    Columns,
    RegistryCellError,
    RegistryReport,
    RegistryRow,
    RunRow,
    answer_in,
    load_registry,
    name_in,
)

REVEALS_STATUS = "reveals_status"


PARTNERS = Columns(
    headers={
        "name": ("نام", "نام دستگاه", "دستگاه", "دستگاه طرف تفاهم‌نامه"),
        "kind": ("نوع", "نوع دستگاه"),
        "main_audience": ("گروه مخاطب", "گروه مخاطب اصلی", "مخاطب اصلی"),
        REVEALS_STATUS: ("گویای وضعیت",),
    },
    needed=("name", "kind"),
)


CENTRES = Columns(
    headers={
        "name": ("نام", "نام مرکز", "مرکز"),
        "type": ("نوع", "نوع مرکز"),
        "county": ("شهرستان",),
        REVEALS_STATUS: ("گویای وضعیت",),
    },
    needed=("name",),
)


def load_partners(
    path: Path, *, run_row: RunRow = call, by: AbstractBaseUser | None
) -> RegistryReport:
    """Register partners: ``name, kind, main_audience, reveals_status``."""
    kinds, audiences = partner_kind_words(), audience_words()

    def save(number: int, row: RegistryRow) -> bool:
        if not (kind := name_in(kinds, "kind", row)):
            raise RegistryCellError("kind", "cell.missing")
        audience = name_in(audiences, "main_audience", row)
        return save_partner(
            name=row["name"],
            kind=kind,
            main_audience=audience,
            reveals_status=answer_in(REVEALS_STATUS, row),
            by=by,
        )[1]

    return load_registry(path, kind="partners", columns=PARTNERS, save=save, run_row=run_row, by=by)


def load_centres(
    path: Path, *, run_row: RunRow = call, by: AbstractBaseUser | None
) -> RegistryReport:
    """Register centres of this province: ``name, type, county, reveals_status``."""
    province = home_province()
    types, counties = centre_type_words(), county_words(province)

    def save(number: int, row: RegistryRow) -> bool:
        kind, county = name_in(types, "type", row), name_in(counties, "county", row)
        return save_centre(
            name=row["name"],
            centre_type=kind,
            county=county,
            reveals_status=answer_in(REVEALS_STATUS, row),
            province=province,
            by=by,
        )[1]

    return load_registry(path, kind="centres", columns=CENTRES, save=save, run_row=run_row, by=by)

"""What tells of people that they are prisoners, refugees …: as data that an office can correct."""

import contextlib
import io
import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from figures.conftest import world, year
from shared import SHARED
from tafahom.agreements.models import Agreement, AgreementParty
from tafahom.agreements.queries import revealing_agreements
from tafahom.parties.actions import load_reference_data, named_record
from tafahom.parties.models import Audience, Centre, CentreType, Partner
from tafahom.parties.queries import (
    home_province,
    revealing_centre_types,
    revealing_centres,
    revealing_partners,
)
from tafahom.scoping import NOTHING, scoped_to

__all__ = ["world", "year"]


@pytest.fixture
def parties(year: SimpleNamespace) -> SimpleNamespace:
    """The year's: families of prisoners are sent by one partner, pupils by the other."""
    load_reference_data()
    for partner, audience in ((year.prisons, "خانواده زندانی"), (year.guild, "دانش‌آموز")):
        partner.main_audience = Audience.objects.get(name=audience)
        partner.save()
    return year


def say(record: Any, reveals: bool | None) -> None:
    record.reveals_status = reveals
    record.save(update_fields=["reveals_status"])


def test_a_partner_tells_as_its_main_audience_unless_it_says(parties: SimpleNamespace) -> None:
    prisons, guild = parties.prisons, parties.guild
    assert revealing_partners() == {prisons.pk}
    say(guild, True)
    assert revealing_partners() == {prisons.pk, guild.pk}
    say(prisons, False)
    assert revealing_partners() == {guild.pk}
    say(guild, None)
    Partner.objects.update(main_audience=None)
    assert revealing_partners() == set()


def test_an_agreement_tells_as_its_partner_unless_it_says(parties: SimpleNamespace) -> None:
    national, child, trade = parties.national, parties.child, parties.trade
    assert revealing_agreements() == {national.pk, child.pk}
    say(child, False)
    say(trade, True)
    assert revealing_agreements() == {national.pk, trade.pk}
    say(parties.prisons, False)
    assert revealing_agreements() == {trade.pk}


def test_a_body_that_signs_beside_tells_too(parties: SimpleNamespace) -> None:
    trade = parties.trade
    AgreementParty.objects.create(agreement=trade, partner=parties.prisons, ordinal=1)
    assert trade.pk in revealing_agreements()
    say(trade, False)
    assert trade.pk not in revealing_agreements()


def test_an_agreement_for_a_sensitive_group_tells(parties: SimpleNamespace) -> None:
    trade = parties.trade
    trade.audiences.add(Audience.objects.get(name="دانش‌آموز"))
    assert trade.pk not in revealing_agreements()
    trade.audiences.add(Audience.objects.get(code="refugee"))
    assert trade.pk in revealing_agreements()


def test_a_centre_tells_as_its_type_unless_it_says(db: None) -> None:
    load_reference_data()
    prison, town = (CentreType.objects.get(code=code) for code in ("prison", "fixed-urban"))
    camp = CentreType.objects.get(code="camp")
    assert revealing_centre_types() == {prison.pk, camp.pk}
    inside = named_record(Centre, "ندامتگاه", province=home_province(), centre_type=prison)[0]
    outside = named_record(Centre, "شهر", province=home_province(), centre_type=town)[0]
    bare = named_record(Centre, "بی‌نوع", province=home_province())[0]
    assert revealing_centres() == {inside.pk}
    say(inside, False)
    say(outside, True)
    assert revealing_centres() == {outside.pk}
    say(bare, True)
    assert revealing_centres() == {outside.pk, bare.pk}


def test_it_is_asked_of_the_whole_installation_in_a_question_each(
    parties: SimpleNamespace,
) -> None:
    with scoped_to(NOTHING), CaptureQueriesContext(connection) as asked:
        found = revealing_partners(), revealing_agreements()
        revealing_centres(), revealing_centre_types()
    assert found == ({parties.prisons.pk}, {parties.national.pk, parties.child.pk})
    assert len(asked) == 4


def test_reference_data_names_types_and_leaves_what_an_office_says(db: None) -> None:
    load_reference_data()
    prison = CentreType.objects.get(code="prison")
    assert prison.reveals_status
    say(prison, False)
    assert load_reference_data() == 0
    assert not CentreType.objects.get(code="prison").reveals_status


def test_an_upgrade_names_the_types_that_are_there(db: None) -> None:
    load_reference_data()
    CentreType.objects.update(reveals_status=False)
    migration = import_module("tafahom.parties.migrations.0005_reveals_status")
    migration.name_types(apps, None)
    told = CentreType.objects.filter(reveals_status=True).values_list("code", flat=True)
    assert set(told) == {"prison", "camp"}


def load(registry: str, path: Path) -> dict[str, Any]:
    out = io.StringIO()
    with contextlib.suppress(SystemExit):
        call_command("load", registry, str(path), "--json", stdout=out)
    answer: dict[str, Any] = json.loads(out.getvalue())
    return answer


ROWS = {
    "partners": "name,kind,گویای وضعیت\nالف,دولتی,{}\n",
    "centres": "name,type,reveals_status\nالف,زندان,{}\n",
    "agreements": "number,partner,level,starts_on,ends_on,گویای وضعیت\nالف/۱,الف,ملی,1397/01/01,1397/12/29,{}\n",
}
MODELS: dict[str, Any] = {"partners": Partner, "centres": Centre, "agreements": Agreement}


@pytest.fixture
def write(db: None, tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a registry with an answer in its column."""
    load_reference_data()
    path = tmp_path / "partners-first.csv"
    path.write_text(ROWS["partners"].format(""), encoding="utf-8")
    load("partners", path)

    def write(registry: str, said: str) -> Path:
        path = tmp_path / f"{registry}.csv"
        path.write_text(ROWS[registry].format(said), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("registry", ROWS)
def test_a_registry_says_it_and_an_empty_cell_says_nothing(
    registry: str, write: Callable[[str, str], Path]
) -> None:
    told = []
    for said in ("", "بله", "", "no", "خیر"):
        answer = load(registry, write(registry, said))
        assert not answer["errors"]
        told.append((MODELS[registry].objects.get().reveals_status, bool(answer["changed"])))
    first = registry != "partners"
    assert told == [(None, first), (True, True), (True, False), (False, True), (False, False)]


@pytest.mark.parametrize("registry", ROWS)
def test_another_word_is_refused(registry: str, write: Callable[[str, str], Path]) -> None:
    [problem] = load(registry, write(registry, "شاید"))["errors"]
    assert (problem["code"], problem["value"]) == ("answer.invalid", "شاید")


def test_rows_of_an_agreement_that_disagree_are_refused(
    write: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = tmp_path / "agreements.csv"
    header, row, _end = ROWS["agreements"].split("\n")
    rows = [header, row.format("بله"), row.format(""), row.format("خیر")]
    path.write_text("\n".join(rows), encoding="utf-8")
    [problem] = load("agreements", path)["errors"]
    assert (problem["row"], problem["code"]) == (4, "agreement.conflict")
    assert Agreement.objects.get().reveals_status is True


def test_what_a_load_said_is_taken_back(write: Callable[[str, str], Path]) -> None:
    answer = load("partners", write("partners", "yes"))
    call_command("load", "undo", answer["load"], stdout=io.StringIO())
    assert Partner.objects.get().reveals_status is None


def test_a_list_names_a_type_of_centres_new_or_old(db: None, tmp_path: Path) -> None:
    load_reference_data()
    path = tmp_path / "lists.csv"
    path.write_text(
        "list,name,reveals_status\nنوع مرکز,گرمخانه,بله\nنوع مرکز,عشایری,\nنوع مرکز,اردوگاه,خیر\n",
        encoding="utf-8",
    )
    answer = load("lists", path)
    assert (answer["errors"], answer["changed"]) == ([], 2)
    told = set(CentreType.objects.filter(reveals_status=True).values_list("name", flat=True))
    assert told == {"گرمخانه", "زندان"}


@pytest.mark.skipif(SHARED is None, reason="the shared rosters are not beside the checkout")
def test_main_audiences_lead_to_the_partners_that_tell(db: None) -> None:
    """Prisons, refugees' agency, drug control, relief, welfare, special schools, judiciary."""
    assert SHARED
    load_reference_data()
    assert not load("partners", SHARED / "rosters" / "alborz" / "partners.csv")["errors"]
    names = Partner.objects.filter(pk__in=revealing_partners()).values_list("name", flat=True)
    assert set(names) == {
        "سازمان زندان‌ها",
        "سازمان بهزیستی",
        "ستاد مبارزه با مواد مخدر",
        "قوه قضاییه",
        "کمیته امداد امام خمینی",
        "کمیساریای عالی سازمان ملل متحد در امور پناهندگان",
        "وزارت آموزش و پرورش (کودکان استثنایی)",
    }

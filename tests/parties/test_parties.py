import io
import re

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import IntegrityError
from django.db.models import Count

from tafahom.bulk import allocate_ids, insert_rows, new_uids
from tafahom.parties.actions import (
    UnknownEntryError,
    load_reference_data,
    named_record,
    save_centre,
    save_partner,
)
from tafahom.parties.models import (
    Audience,
    Centre,
    CentreType,
    County,
    Partner,
    PartnerKind,
    Province,
)
from tafahom.parties.queries import WORDS, county_words, home_province
from tafahom.persian import clean
from tafahom.registries.words import word_file
from tafahom.training.models import Cluster, PassRule

pytestmark = pytest.mark.django_db


def test_init_loads_reference_data_and_repeats_without_change():
    for _ in range(2):
        call_command("init", stderr=io.StringIO())
        counts = [m.objects.count() for m in (Province, County, CentreType, Cluster, PassRule)]
        assert counts == [31, 485, 14, 4, 1]
    assert home_province().name == "البرز"
    assert Audience.objects.get(name="زندانی").is_sensitive
    assert not Audience.objects.get(name="کشاورز").is_sensitive


def test_what_people_renamed_stays_renamed():
    load_reference_data()
    Audience.objects.filter(code="public").update(name="همگان", key="همگان")
    assert load_reference_data() == 0
    assert Audience.objects.get(code="public").name == "همگان"


def test_without_reference_data_the_way_out_is_named():
    with pytest.raises(ImproperlyConfigured, match="tafahom init"):
        home_province()


def test_one_name_in_two_spellings_is_one_record():
    first, created = named_record(PartnerKind, "  شهرک‌های   صنعتي ")
    assert created
    assert first.name == "شهرک‌های صنعتی"
    again, created = named_record(PartnerKind, "شهركهای صنعتی")
    assert (again, created) == (first, False)
    with pytest.raises(ValueError, match="name"):
        named_record(PartnerKind, " \u200c ")


def test_the_database_refuses_a_second_record_of_a_key():
    first, _ = named_record(PartnerKind, "دولتی")
    with pytest.raises(IntegrityError):
        PartnerKind.objects.create(name="x", key=first.key, sort_key="x", code="other")


def test_saving_a_partner_again_corrects_it():
    load_reference_data()
    _, changed = save_partner(name="سازمان", kind="دولتی", main_audience="صنف", by=None)
    assert changed
    _, changed = save_partner(name="سازمان", kind="دولتی", main_audience="صنف", by=None)
    assert not changed
    partner, changed = save_partner(name="سازمان", kind="غیردولتی", by=None)
    assert changed
    assert (partner.kind.name, partner.main_audience.name) == ("غیردولتی", "صنف")


def test_a_centre_gets_its_type_and_county():
    load_reference_data()
    centre, _ = save_centre(
        name="مرکز ۱", centre_type="زندان", county="كرج", province=home_province(), by=None
    )
    assert centre.centre_type.code == "prison"
    assert centre.county.name == "کرج"


@pytest.mark.parametrize(
    "words", [{"centre_type": "مدرسه"}, {"county": "شهرستان کرج"}, {"county": "تهران"}]
)
def test_a_centre_adds_nothing_to_a_closed_list(words):
    load_reference_data()
    counts = CentreType.objects.count(), County.objects.count()
    with pytest.raises(UnknownEntryError):
        save_centre(name="مرکز ۱", province=home_province(), by=None, **words)
    assert (CentreType.objects.count(), County.objects.count()) == counts
    assert not Centre.objects.exists()


@pytest.mark.parametrize("words", [{"kind": "انجمن"}, {"kind": "دولتی", "main_audience": "کارگر"}])
def test_a_partner_adds_nothing_to_a_closed_list(words):
    load_reference_data()
    with pytest.raises(UnknownEntryError):
        save_partner(name="سازمان", by=None, **words)
    assert not Partner.objects.exists()


def test_counties_of_all_provinces_are_known_by_clean_names():
    load_reference_data()
    counts = dict(Province.objects.annotate(n=Count("counties")).values_list("code", "n"))
    assert all(3 <= count <= 40 for count in counts.values())
    assert (counts["alborz"], counts["tehran"], counts["isfahan"]) == (7, 16, 29)
    assert sum(counts.values()) >= 480
    for name in County.objects.values_list("name", flat=True):
        assert re.fullmatch(r"[آ-ی\u200c ئ]+", name), name
        assert clean(name) == name


def test_an_installation_gains_the_counties_it_lacks_and_keeps_its_own():
    load_reference_data()
    County.objects.exclude(name="کرج").delete()
    own = County.objects.get()
    County.objects.filter(pk=own.pk).update(name="کرج بزرگ")
    assert load_reference_data() == 484
    assert County.objects.get(pk=own.pk).name == "کرج بزرگ"


def test_every_county_is_understood_in_its_province_and_none_of_another():
    load_reference_data()
    for province in Province.objects.all():
        words = county_words(province)
        assert set(words.names) == {county.name for county in province.counties.all()}
        for name in words.names:
            for text in (name, f"شهرستان {name}", f"استان {province.name} - شهرستان {name}"):
                assert words.name_of(text) == name
    assert county_words(Province.objects.get(code="qom")).name_of("کرج") is None


def test_words_for_counties_stand_for_counties_of_their_province():
    load_reference_data()
    for code, counties in word_file(WORDS)["counties"].items():
        words = county_words(Province.objects.get(code=code))
        for name, synonyms in counties.items():
            assert [words.name_of(word) for word in synonyms] == [name] * len(synonyms)


def test_bulk_ids_go_on_where_the_orm_left_off():
    kind, _ = named_record(PartnerKind, "دولتی")
    ids = list(allocate_ids(PartnerKind, 3))
    assert min(ids) > kind.pk
    assert ids == sorted(set(ids))
    columns = ("id", "name", "key", "sort_key", "code")
    insert_rows(PartnerKind, columns, [(pk, f"n{pk}", f"k{pk}", "", f"c{pk}") for pk in ids])
    later, _ = named_record(PartnerKind, "عمومی")
    assert later.pk > max(ids)
    assert Partner.objects.count() == 0


def test_bulk_uids_are_like_single_ones():
    uids = new_uids(1000)
    assert len(set(uids)) == 1000
    assert {len(uid) for uid in uids} == {24}

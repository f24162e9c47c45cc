import pytest
from django.db import IntegrityError, transaction

from rosters import national_id
from tafahom.people.actions import NewPerson, create_persons
from tafahom.people.models import Person
from tafahom.people.queries import find_by_national_id, identities_of, mask, search_people
from tafahom.people.sealing import IdentityData

pytestmark = pytest.mark.django_db


def add(first, last, serial, fida=""):
    number = "" if fida else national_id(serial)
    data = IdentityData(first, last, national_id=number, fida_code=fida)
    return create_persons([NewPerson("female", data)])[0]


def found(text):
    return [match.identity.full_name for match in search_people(text)]


def test_search_does_not_mind_spelling_or_order():
    add("علی‌اصغر", "کریمی", 1)
    add("زهرا", "اکبری", 2)
    assert found("كريمي") == ["علی‌اصغر کریمی"]
    assert found("کریمی علی اصغر") == ["علی‌اصغر کریمی"]
    assert found("اصغری") == []
    assert found("زهرا کریمی") == []


def test_everybody_is_in_persian_order_of_last_then_first_name():
    for serial, (first, last) in enumerate(
        [("ب", "یزدی"), ("گلی", "پارسا"), ("آذر", "پارسا"), ("ب", "آذری"), ("ب", "چمنی")]
    ):
        add(first, last, serial)
    assert found("") == ["ب آذری", "آذر پارسا", "گلی پارسا", "ب چمنی", "ب یزدی"]


def test_search_sees_people_added_since():
    add("زهرا", "اکبری", 1)
    assert len(found("اکبری")) == 1
    add("مریم", "اکبری", 2)
    assert len(found("اکبری")) == 2


def test_a_number_finds_its_person_only_whole():
    person = add("زهرا", "اکبری", 12345678)
    add("گل", "علیزی", 0, fida="220916842407")
    number = national_id(12345678)
    assert [match.person_id for match in search_people(number)] == [person]
    assert found(number.lstrip("0")) == ["زهرا اکبری"]
    assert found("220916842407") == ["گل علیزی"]
    assert found(number[:6]) == []
    assert find_by_national_id(number).pk == person
    assert find_by_national_id("1") is None


def test_a_repeated_search_opens_nothing(django_assert_num_queries):
    add("زهرا", "اکبری", 1)
    found("")
    with django_assert_num_queries(2):
        found("اکبری")


def test_identities_of_many_people_take_one_query(django_assert_num_queries):
    people = [add("زهرا", "اکبری", serial) for serial in range(5)]
    with django_assert_num_queries(1):
        assert set(identities_of(people)) == set(people)
    person = Person.objects.get(pk=people[0])
    assert identities_of([person])[person.pk].first_name == "زهرا"


def test_a_number_belongs_to_one_person():
    add("زهرا", "اکبری", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        add("مریم", "اکبری", 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_persons([NewPerson("", IdentityData("بی", "شماره"))])


def test_the_database_knows_genders():
    with pytest.raises(IntegrityError):
        Person.objects.create(gender="other")


def test_a_masked_number_keeps_its_ends():
    assert mask("0012345679") == "۰۰۱•••••۷۹"
    assert mask("") == ""

"""Words for groups: what rosters write, in lists that no roster extends."""

import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from tafahom.parties import actions as parties
from tafahom.parties.actions import load_reference_data as load_parties
from tafahom.parties.models import Audience
from tafahom.parties.queries import WORDS as PARTY_WORDS
from tafahom.persian import normal_key
from tafahom.registries.words import ListWords
from tafahom.training import actions as training
from tafahom.training.actions import load_reference_data as load_training
from tafahom.training.courses.groups import GROUP_FIELDS, WORDS, GroupWords

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists() -> None:
    load_parties()
    load_training()


@pytest.mark.parametrize(
    ("field", "word", "name"),
    [
        ("gender", "خواهر", "female"),
        ("gender", "برادر", "male"),
        ("gender", "مؤنث", "female"),
        ("gender", "آقایان", "male"),
        ("gender", "F", "female"),
        ("cluster", "صنعتی", "صنعت"),
        ("cluster", "خوشه خدمات", "خدمات"),
        ("cluster", "فرهنگی هنری", "فرهنگ و هنر"),
        ("county", "شهرستان ساوجبلاغ", "ساوجبلاغ"),
        ("county", "شهر نظر آباد", "نظرآباد"),
        ("county", "استان البرز، شهرستان كرج", "کرج"),
        ("county", "هشتگرد", "ساوجبلاغ"),
        ("audience", "زندانیان", "زندانی"),
        ("audience", "مددجوی زندان", "زندانی"),
        ("audience", "سرباز", "سرباز وظیفه"),
        ("audience", "کارگر صنعت", "شاغل صنعت"),
        ("audience", "اتباع", "اتباع خارجی"),
        ("audience", "مشمول بیمه بیکاری", "بیمه‌شده بیکاری"),
        ("audience", "متقاضيان مهارت آموزي", "متقاضی مهارت‌آموزی"),
        ("centre_type", "ثابت", "ثابت شهری"),
        ("centre_type", "زندان‌ها", "زندان"),
        ("centre_type", "مرکز جوار دانشگاه", "جوار دانشگاه"),
        ("education", "ليسانس", "کارشناسی"),
        ("education", "فوق‌دیپلم", "کاردانی"),
        ("education", "پنجم ابتدایی", "ابتدایی"),
        ("education", "سطح ۲", "سطح دو حوزه"),
    ],
)
def test_words_that_offices_write_are_known(field: str, word: str, name: str) -> None:
    assert GroupWords().name_of(field, word) == name


@pytest.mark.parametrize(
    ("field", "word"),
    [
        ("gender", "ب"),
        ("cluster", "فنی"),
        ("county", "تهران"),
        ("county", "شهرستان"),
        ("audience", "کارگر"),
        ("audience", "شاغل"),
        ("centre_type", "شهری"),
        ("centre_type", "سیار"),
        ("education", "متوسطه"),
    ],
)
def test_what_could_mean_two_things_or_nothing_is_not_guessed(field: str, word: str) -> None:
    assert GroupWords().name_of(field, word) is None


@pytest.mark.parametrize("field", GROUP_FIELDS)
def test_every_choice_means_itself_and_a_blank_word_means_nothing(field: str) -> None:
    words = GroupWords()
    assert words.choices(field)
    for name, label in words.choices(field):
        assert words.name_of(field, name) == name
        assert words.name_of(field, label) == name
    assert words.name_of(field, " - ") == words.name_of(field, "نامشخص") == ""


def test_an_answer_holds_for_its_word_while_its_list_has_the_name() -> None:
    answers = {
        ("audience", normal_key("کارگر")): "شاغل صنعت",
        ("audience", normal_key("شاغل")): "گروهی که نیست",
        ("county", normal_key("تهران")): "",
    }
    words = GroupWords(answers)
    assert words.name_of("audience", "كارگر ") == "شاغل صنعت"
    assert words.name_of("audience", "شاغل") is None
    assert words.name_of("county", "تهران") == ""
    assert words.name_of("cluster", "کارگر") is None


def test_a_renamed_entry_keeps_its_words() -> None:
    Audience.objects.filter(code="prisoner").update(name="مددجو", key="مددجو")
    assert GroupWords().name_of("audience", "زندانیان") == "مددجو"


def test_no_query_is_made_for_words(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(12):
        words = GroupWords()
    with django_assert_max_num_queries(0):
        for field in GROUP_FIELDS:
            words.choices(field)
            for word in ("خواهر", "زندانیان", "صنعتی", "ثابت", "شهرستان کرج", "دیپلم", "؟؟", "گم"):
                words.name_of(field, word)


@pytest.mark.parametrize(
    ("entries_file", "words_file"),
    [(parties.REFERENCE, PARTY_WORDS), (training.REFERENCE, WORDS)],
    ids=["parties", "training"],
)
def test_a_word_stands_under_one_entry_only(entries_file: Path, words_file: Path) -> None:
    names = tomllib.loads(entries_file.read_text(encoding="utf-8"))
    names["audiences"] = names.get("audiences", {}) | names.get("sensitive_audiences", {})
    types = names.get("centre_types", {}) | names.get("revealing_centre_types", {})
    names["centre_types"] = types
    names["gender"] = {"female": "زن", "male": "مرد"}
    for table, entries in tomllib.loads(words_file.read_text(encoding="utf-8")).items():
        if table in ("blank", "prefixes", "counties"):
            continue
        meanings = defaultdict(set)
        for code, name in names[table].items():
            meanings[normal_key(name)].add(code)
        for code, words in entries.items():
            assert code in names[table]
            for word in words:
                meanings[normal_key(word)].add(code)
        assert {key for key, codes in meanings.items() if len(codes) > 1 or not key} == set()


def test_a_prefix_alone_is_no_name_and_names_go_before_prefixes() -> None:
    words = ListWords(["شهریار", "یار"], prefixes=["شهر", "شهرستان"])
    assert words.name_of("شهریار") == "شهریار"
    assert words.name_of("شهر یار") == "شهریار"
    assert words.name_of("شهرستان یار") == "یار"
    assert words.name_of("شهرستان شهر یار") == "شهریار"
    assert words.name_of("شهر") is None

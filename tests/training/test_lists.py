"""Closed lists are extended by an administrator's file, and by nothing else."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tafahom.audit.models import Entry as AuditEntry
from tafahom.parties.actions import load_reference_data as load_parties
from tafahom.parties.models import Audience, County, ListWord
from tafahom.parties.queries import home_province
from tafahom.training.actions import load_reference_data as load_training
from tafahom.training.courses.groups import GroupWords
from tafahom.training.models import Cluster
from tafahom.training.registries.lists import ListEntry, WordTakenError, save_entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists() -> None:
    load_parties()
    load_training()


def load(path: Path, *rows: str) -> tuple[dict[str, Any], int]:
    path = path / "lists.csv"
    path.write_text("\n".join(["list;name;synonyms;sensitive", *rows]), encoding="utf-8")
    out, status = io.StringIO(), 0
    try:
        call_command("load", "lists", str(path), "--json", stdout=out)
    except SystemExit as stop:
        status = int(stop.code or 0)
    return json.loads(out.getvalue()), status


def test_entries_and_words_are_added_once(tmp_path: Path) -> None:
    rows = (
        "گروه مخاطب;پرستار;پرستاران، کادر درمان;خیر",
        "audience;شاغل صنعت;کارگر, کارگران;",
        "شهرستان;البرز نو;شهر نو;",
        "خوشه;فناوری;;",
        "تحصیلات;دیپلم;متوسطه;",
    )
    answer, status = load(tmp_path, *rows)
    assert (status, answer["accepted"], answer["changed"]) == (0, 5, 5)
    words = GroupWords()
    assert words.name_of("audience", "كادر درمان") == "پرستار"
    assert not Audience.objects.get(name="پرستار").is_sensitive
    assert words.name_of("audience", "کارگر") == "شاغل صنعت"
    assert words.name_of("county", "شهرستان البرز نو") == "البرز نو"
    assert County.objects.get(name="البرز نو").province == home_province()
    assert ("فناوری", "فناوری") in words.choices("cluster")
    assert words.name_of("education", "متوسطه") == "دیپلم"
    assert AuditEntry.objects.filter(action="registry.lists_loaded").count() == 1
    answer, status = load(tmp_path, *rows)
    assert (status, answer["accepted"], answer["changed"]) == (0, 5, 0)


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("استان;البرز;;", "list", "list.none"),
        ("خوشه;;;", "name", "cell.missing"),
        ("گروه مخاطب;پرستار;;", "sensitive", "cell.missing"),
        ("گروه مخاطب;پرستار;;شاید", "sensitive", "answer.invalid"),
        ("گروه مخاطب;زندانیان;;بله", "name", "list.taken"),
        ("گروه مخاطب;شاغل صنعت;کارگر، زندانیان;", "synonyms", "list.taken"),
        ("خوشه;صنعت;خدمات;", "synonyms", "list.taken"),
    ],
)
def test_a_row_that_would_blur_a_list_is_refused_whole(
    row: str, column: str, code: str, tmp_path: Path
) -> None:
    counts = Audience.objects.count(), Cluster.objects.count()
    answer, status = load(tmp_path, row)
    assert status == 2
    [problem] = answer["errors"]
    assert (problem["column"], problem["code"]) == (column, code)
    assert problem["message"]
    assert (Audience.objects.count(), Cluster.objects.count()) == counts
    assert not ListWord.objects.exists()


def test_words_go_with_their_entry_when_it_is_renamed() -> None:
    save_entry(ListEntry("audience", "شاغل صنعت", ("کارگر",)), by=None)
    Audience.objects.filter(code="industry-worker").update(name="شاغل صنایع", key="شاغلصنایع")
    assert GroupWords().name_of("audience", "کارگر") == "شاغل صنایع"


def test_a_word_is_of_one_entry() -> None:
    save_entry(ListEntry("audience", "شاغل صنعت", ("کارگر",)), by=None)
    with pytest.raises(WordTakenError):
        save_entry(ListEntry("audience", "صنف", ("كارگر",)), by=None)
    save_entry(ListEntry("cluster", "صنعت", ("کارگر",)), by=None)
    assert ListWord.objects.count() == 2

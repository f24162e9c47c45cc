"""Entries and words of the closed lists from an administrator's file: the only way to extend one."""

import re
from operator import call
from pathlib import Path
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model

from tafahom.access.models import User
from tafahom.parties.actions import code_from_key, name_fields, update_changed
from tafahom.parties.models import (
    Audience,
    CentreType,
    County,
    ListWord,
    PartnerKind,
)
from tafahom.parties.queries import (
    audience_words,
    centre_type_words,
    county_words,
    home_province,
    partner_kind_words,
)
from tafahom.parties.registry import REVEALS_STATUS
from tafahom.persian import clean, normal_key
from tafahom.registries.loading import (
    Columns,
    RegistryCellError,
    RegistryReport,
    RegistryRow,
    RunRow,
    answer_in,
    load_registry,
)
from tafahom.registries.words import ListWords
from tafahom.training.courses.groups import cluster_words, education_words
from tafahom.training.models import Cluster, EducationLevel

COLUMNS = Columns(
    headers={
        "list": ("فهرست", "نام فهرست"),
        "name": ("نام", "عنوان"),
        "synonyms": ("واژه‌ها", "مترادف‌ها", "مترادف"),
        "sensitive": ("حساس",),
        REVEALS_STATUS: ("گویای وضعیت",),
    },
    needed=("list", "name"),
)
# How a file may call a list: as rosters call its column.
LISTS = {
    normal_key(text): name
    for name, texts in {
        "audience": ("audience", "گروه مخاطب"),
        "cluster": ("cluster", "خوشه"),
        "centre_type": ("centre type", "نوع مرکز"),
        "county": ("county", "شهرستان"),
        "education": ("education", "تحصیلات"),
        "kind": ("partner kind", "نوع دستگاه"),
    }.items()
    for text in texts
}
MODELS: dict[str, type[Model]] = {
    "audience": Audience,
    "cluster": Cluster,
    "centre_type": CentreType,
    "county": County,
    "education": EducationLevel,
    "kind": PartnerKind,
}
_SEPARATORS = re.compile(r"[،,؛;|\n]+")


class WordTakenError(ValueError):
    """A word that means another entry of its list already; ``name`` is that entry's."""

    def __init__(self, word: str, name: str) -> None:
        super().__init__(f"{word!r} means {name!r}")
        self.word, self.name = word, name


class ListEntry(NamedTuple):
    """An entry of a list and words for it.

    ``is_sensitive`` is of a new audience only, ``reveals_status`` of a type of centre; None leaves
    that as it is.
    """

    list_name: str
    name: str
    words: tuple[str, ...] = ()
    is_sensitive: bool | None = None
    reveals_status: bool | None = None


def words_in(list_name: str) -> ListWords:
    """Return what words mean in a list, as it is now."""
    if list_name == "county":
        return county_words(home_province())
    makers = {
        "audience": audience_words,
        "cluster": cluster_words,
        "centre_type": centre_type_words,
        "education": education_words,
        "kind": partner_kind_words,
    }
    return makers[list_name]()


@transaction.atomic
def save_entry(entry: ListEntry, *, by: User | None) -> bool:
    """Add an entry to a list, or words to one that is there; whether anything changed.

    Counties are those of the home province. ``by`` is recorded by the caller, once for the whole
    file. Raises WordTakenError where the name or a word means another entry, ValueError for a new
    audience of which nobody says whether it is sensitive.
    """
    known = words_in(entry.list_name)
    shown = name_fields(entry.name)["name"]
    meant = known.name_of(shown)
    if meant and normal_key(meant) != normal_key(shown):
        raise WordTakenError(shown, meant)
    pk, changed = _entry(entry, is_new=not meant)
    if entry.list_name == "centre_type" and entry.reveals_status is not None:
        place = CentreType.objects.get(pk=pk)
        changed |= update_changed(place, {"reveals_status": entry.reveals_status})
    for word in entry.words:
        other = known.name_of(word)
        if other and normal_key(other) != normal_key(shown):
            raise WordTakenError(word, other)
        if not other and normal_key(word):
            changed |= _add_word(entry.list_name, pk, word)
    return changed


def _entry(entry: ListEntry, *, is_new: bool) -> tuple[int, bool]:
    """Return the id of the entry, made when it is new, and whether it was."""
    model: Any = MODELS[entry.list_name]
    fields = name_fields(entry.name)
    within = {"province": home_province()} if entry.list_name == "county" else {}
    if not is_new:
        return model.objects.get(key=fields["key"], **within).pk, False
    others: dict[str, Any] = within or {"code": code_from_key(fields["key"])}
    if entry.list_name == "audience":
        if entry.is_sensitive is None:
            raise ValueError("a new audience is sensitive or not")
        others["is_sensitive"] = entry.is_sensitive
    return model.objects.create(**fields, **others).pk, True


def _add_word(list_name: str, pk: int, word: str) -> bool:
    _word, made = ListWord.objects.get_or_create(
        list_name=list_name,
        key=normal_key(word),
        defaults={"entry_id": pk, "word": clean(word)},
    )
    return made


def load_lists(path: Path, *, run_row: RunRow = call, by: User | None) -> RegistryReport:
    """Extend the closed lists: ``list, name, synonyms, sensitive, reveals_status``."""

    def save(number: int, row: RegistryRow) -> bool:
        entry = _read(row)
        try:
            return save_entry(entry, by=by)
        except WordTakenError as error:
            column = "name" if normal_key(error.word) == normal_key(entry.name) else "synonyms"
            raise RegistryCellError(
                column, "list.taken", error.word, names=(error.name,)
            ) from error
        except ValueError as error:
            raise RegistryCellError("sensitive", "cell.missing") from error

    return load_registry(path, kind="lists", columns=COLUMNS, save=save, run_row=run_row, by=by)


def _read(row: RegistryRow) -> ListEntry:
    """Return the entry in a row. Raises CellError for a list or an answer that is none."""
    if (list_name := LISTS.get(normal_key(row["list"]))) is None:
        raise RegistryCellError("list", "list.none", row["list"])
    sensitive, reveals = answer_in("sensitive", row), answer_in(REVEALS_STATUS, row)
    words = tuple(
        word for text in _SEPARATORS.split(row.get("synonyms", "")) if (word := text.strip())
    )
    return ListEntry(list_name, row["name"], words, sensitive, reveals)

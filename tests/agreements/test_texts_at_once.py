"""Writers of one text at the very same moment, each with a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from rosters import agreement as make_agreement
from rosters import prepare
from tafahom.agreements.models import Agreement, TextVersion
from tafahom.agreements.rules import LifeState
from tafahom.agreements.texts import actions, beginning
from tafahom.agreements.texts.queries import clauses_of
from tafahom.agreements.texts.rules import Content
from tafahom.agreements.texts.writing import StaleError
from tafahom.refusals import Refusal

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor == "sqlite",
        reason="SQLite lets one transaction write at a time, and in memory does not wait",
    ),
]
WRITERS = 4


@pytest.fixture
def draft(transactional_db: None) -> TextVersion:
    prepare()
    agreement = make_agreement("12/1")
    Agreement.objects.filter(pk=agreement.pk).update(state=LifeState.DRAFTING)
    agreement.refresh_from_db()
    made = beginning.start_draft(agreement, by=None)
    for word in ("یک", "دو", "سه"):
        actions.add_clause(made, content=Content(word, f"متن {word}"), by=None)
    return made


def at_once(act: Callable[[int], str]) -> list[str]:
    """Let all writers begin together; what became of each."""
    ready = Barrier(WRITERS)

    def one(number: int) -> str:
        try:
            ready.wait(10)
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, range(WRITERS)))


def test_of_several_who_save_one_clause_one_does_and_the_others_are_told(
    draft: TextVersion,
) -> None:
    clause = clauses_of(draft)[0]

    def save(number: int) -> str:
        try:
            actions.save_clause(clause, seen=1, content=Content("یک", f"از {number}"), by=None)
        except StaleError as stale:
            return stale.clause.text
        return "saved"

    told = at_once(save)
    now = clauses_of(draft)[0]
    assert now.revision == 2
    assert sorted(told) == sorted(["saved", *[now.text] * (WRITERS - 1)])


def test_clauses_that_are_added_at_once_all_have_their_place(draft: TextVersion) -> None:
    def add(number: int) -> str:
        return actions.add_clause(
            draft, content=Content(f"تازه {number}", ""), after=1, by=None
        ).uid

    added = at_once(add)
    found = clauses_of(draft)
    assert [clause.ordinal for clause in found] == list(range(1, 4 + WRITERS))
    assert {clause.uid for clause in found} >= set(added)
    assert [found[0].heading, found[-1].heading] == ["یک", "سه"]


def test_a_version_is_kept_once_however_many_ask(draft: TextVersion) -> None:
    def keep(_number: int) -> str:
        try:
            return str(actions.save_as_version(draft, note="", by=None).number)
        except Refusal as refusal:
            return refusal.code

    assert sorted(at_once(keep)) == ["1", *["text.unchanged"] * (WRITERS - 1)]

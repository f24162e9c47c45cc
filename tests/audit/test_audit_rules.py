"""What is digested and signed, byte for byte: a chain that exists must verify for ever."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from tafahom.audit.rules import (
    GENESIS,
    acceptance_body,
    changes_digest,
    entry_digest,
    first_entry_digest,
    head_body,
    mark_body,
    signature_digest,
)

# Half past three in Tehran; what is digested says the same moment in UTC.
AT = dt.datetime(2026, 3, 21, 3, 30, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=3, minutes=30)))
MOMENT = '"2026-03-21T00:00:00.000005+00:00"'
ENTRY: dict[str, Any] = {
    "previous": GENESIS,
    "at": AT,
    "by": 7,
    "action": "people.read",
    "target": "person:۱",
    "details": {"ب": 1, "a": [True, None]},
}
TOLD = f'{MOMENT},7,"people.read","person:۱",{{"a":[true,null],"ب":1}}'


def digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


@pytest.mark.parametrize(
    ("options", "kind"), [({}, 2), ({"is_keyed": False}, 2), ({"is_keyed": True}, 3)]
)
def test_the_digest_of_an_entry(options: dict[str, bool], kind: int) -> None:
    found = entry_digest(number=4, changes="c", **ENTRY, **options)
    assert found == digest(f'[{kind},4,"{"0" * 64}",{TOLD},"c"]')


def test_the_digest_of_an_entry_from_before_numbers() -> None:
    assert first_entry_digest(**ENTRY) == digest(f'["{"0" * 64}",{TOLD}]')


def test_the_digest_of_changes() -> None:
    assert changes_digest([]) == ""
    changes = [("course", 3, "old", AT), ("course", 4, AT)]
    assert changes_digest(changes) == digest(f'[["course",3,"old",{MOMENT}],["course",4,{MOMENT}]]')


def test_bytes_of_a_file_name_that_are_no_text_are_digested_as_they_are() -> None:
    assert changes_digest([("\udcff", AT)]) == digest(f'[["\udcff",{MOMENT}]]')


def test_what_is_signed_of_a_head() -> None:
    body = head_body(
        number=2, day=dt.date(2026, 3, 21), sealed_at=AT,
        last=9, count=8, digest="d", previous="p", key="k",
    )  # fmt: skip
    expected = f'["tafahom audit head",1,2,"2026-03-21",{MOMENT},9,8,"d","p","k"]'
    assert body == expected.encode()


def test_what_is_signed_of_the_mark() -> None:
    body = mark_body(generation=1, last=9, digest="d", heads=2, first_way=3, key="k")
    assert body == b'["tafahom audit mark",1,1,9,"d",2,3,"k"]'


def test_what_is_signed_of_an_acceptance_is_all_but_the_signature() -> None:
    details = {"signature": "s", "reason": "r", "at": 1}
    body = acceptance_body(details, previous="p")
    assert body == b'["tafahom audit acceptance",1,{"at":1,"reason":"r"},"p"]'


def test_the_first_head_repeats_no_signature() -> None:
    assert signature_digest("") == "0" * 64
    assert signature_digest("s") == digest("s")

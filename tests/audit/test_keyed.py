"""Who has no audit key can put entries into the table, and none into the record of acts."""

import base64
import secrets
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from audit.conftest import Unguarded
from audit.tampering import digest_of
from tafahom.audit import keyed, signing
from tafahom.audit.accepting import accept
from tafahom.audit.actions import record
from tafahom.audit.examination import examine_audit
from tafahom.audit.models import Entry
from tafahom.audit.words import SENTENCES, sentences

pytestmark = pytest.mark.django_db


@pytest.fixture
def chain(db: None) -> None:
    for number in range(3):
        record(action=f"test.{number}", by=None)
    assert kinds() == {}


def kinds() -> Counter[str]:
    return Counter(one.kind for one in examine_audit().findings)


def forge(code: str = "", **more: Any) -> Entry:
    """Put an entry at the end, digested as ours are."""
    last = Entry.objects.latest("id")
    entry = Entry(
        id=last.pk + 1, at=timezone.now(), action="access.role_given", previous=last.digest,
        code=code, details={"role": "auditor"}, **more,
    )  # fmt: skip
    entry.digest = digest_of(entry)
    entry.save(force_insert=True)
    return entry


def test_true_entries_have_codes(chain: None) -> None:
    known = keyed.keys()
    assert all(keyed.is_ours(one.code, one.digest, known) for one in Entry.objects.all())


@pytest.mark.parametrize("code", ["", "0" * 64, "x"])
def test_an_entry_put_in_by_sql_is_found(chain: None, code: str) -> None:
    forge(code)
    assert kinds() == {"forged": 1}
    assert "forged" in SENTENCES


def test_the_code_of_another_entry_is_of_no_use(chain: None) -> None:
    forge(Entry.objects.latest("id").code)
    assert kinds() == {"forged": 1}


def test_the_code_of_another_key_is_of_no_use(chain: None) -> None:
    entry = Entry(code="?")
    entry.digest = "0" * 64
    forge(keyed.code(entry.digest, secrets.token_bytes(32)))
    assert kinds() == {"forged": 1}


def test_true_entries_after_a_forged_one_do_not_cover_it(chain: None) -> None:
    forge()
    record(action="test.after", by=None)
    assert kinds() == {"forged": 1}


def test_a_code_can_not_be_taken_away(chain: None, unguarded: Unguarded) -> None:
    with unguarded():
        Entry.objects.filter(pk=2).update(code="")
    assert kinds()["entry"] == 1


def test_entries_of_before_there_were_codes_hold(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as before:
        before.setattr(keyed, "current", lambda: None)
        record(action="test.before", by=None)
    record(action="test.after", by=None)
    assert [bool(one.code) for one in Entry.objects.order_by("id")] == [False, True]
    assert kinds() == {}


def test_work_goes_on_while_the_key_is_away_and_shows(chain: None, data_dir: Path) -> None:
    key = signing.key_file().read_text()
    signing.key_file().unlink()
    record(action="test.without", by=None)
    signing.key_file().write_text(key)
    assert kinds()["forged"] == 1
    accept(reason="کلید نبود")
    assert kinds() == {}
    assert len([one for one in sentences(examine_audit()) if "کلید نبود" in one]) == 1
    forge()
    assert kinds() == {"forged": 1}


def test_codes_of_the_key_before_hold(chain: None) -> None:
    new = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    signing.key_file().write_text(f"{signing.key_file().read_text().strip()},{new}\n")
    record(action="test.after", by=None)
    assert kinds() == {}

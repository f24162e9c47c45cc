import base64
import datetime as dt
import json
import stat

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from tafahom.people.keyring import KeyringError, add_identity_key, remove_identity_key
from tafahom.people.models import Identity, Person
from tafahom.people.sealing import MARK, IdentityData, sealer

pytestmark = pytest.mark.django_db
MARYAM = IdentityData("مریم", "اکبری", "یدالله", "0320675548", "", dt.date(1982, 7, 10), "0902")
text = st.text(max_size=40).filter(lambda value: not any("\ud800" <= c <= "\udfff" for c in value))


def key(fill):
    return base64.urlsafe_b64encode(bytes([fill]) * 32).decode()


@given(st.builds(IdentityData, text, text, text, text, text, st.none() | st.dates(), text))
def test_what_is_sealed_opens_as_it_was(data):
    seal = sealer()
    sealed = seal.seal(data, person_id=7)
    assert seal.open(sealed, person_id=7, key_version=seal.key_version) == data


def test_a_row_copied_to_another_person_or_changed_does_not_open():
    seal = sealer()
    sealed = seal.seal(MARYAM, person_id=7)
    with pytest.raises(InvalidTag):
        seal.open(sealed, person_id=8, key_version=1)
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    with pytest.raises(InvalidTag):
        seal.open(changed, person_id=7, key_version=1)


def test_rows_of_the_first_format_still_open(monkeypatch):
    monkeypatch.setenv("TAFAHOM_INDEX_KEY", key(9))
    monkeypatch.setenv("TAFAHOM_IDENTITY_KEY", key(1))
    plain = json.dumps(["مریم", "اکبری", "یدالله", "0320675548", "", "1982-07-10", "0902"])
    for nonce in (bytes(12), MARK + bytes(4)):
        old = nonce + AESGCM(bytes([1]) * 32).encrypt(nonce, plain.encode(), b"people.identity:7:1")
        assert sealer().open(old, person_id=7, key_version=1) == MARYAM
        with pytest.raises(InvalidTag):
            sealer().open(old, person_id=8, key_version=1)


def test_a_key_added_by_another_process_opens_what_it_sealed(data_dir):
    reader = sealer()
    assert add_identity_key() == 2
    writer = sealer()
    assert writer.key_version == 2
    sealed = writer.seal(MARYAM, person_id=7)
    assert reader.open(sealed, person_id=7, key_version=2) == MARYAM
    assert stat.S_IMODE((data_dir / "keys.json").stat().st_mode) == 0o600
    remove_identity_key(1)
    assert sealer().open(sealed, person_id=7, key_version=2) == MARYAM
    with pytest.raises(KeyringError):
        remove_identity_key(2)


def test_lost_keys_are_not_replaced_by_others(data_dir):
    seal = sealer()
    person = Person.objects.create()
    Identity.objects.create(
        person=person,
        sealed=seal.seal(MARYAM, person_id=person.pk),
        national_id_index=seal.national_id_index(MARYAM.national_id),
        key_version=seal.key_version,
    )
    (data_dir / "keys.json").unlink()
    with pytest.raises(ImproperlyConfigured):
        sealer()
    assert not (data_dir / "keys.json").exists()


def test_sealing_twice_shows_nothing_in_common():
    seal = sealer()
    assert seal.seal(MARYAM, person_id=7) != seal.seal(MARYAM, person_id=7)


def test_keys_are_made_once_for_their_owner_only(data_dir):
    index = sealer().national_id_index("0320675548")
    path = data_dir / "keys.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sealer().national_id_index("0320675548") == index
    assert [file.name for file in data_dir.iterdir()] == ["keys.json"]


def test_numbers_of_two_kinds_and_two_installations_have_other_indexes(settings, tmp_path):
    first = sealer()
    settings.DATA_DIR = tmp_path
    second = sealer()
    numbers = {seal.national_id_index("1" * 12) for seal in (first, second)}
    assert len(numbers | {first.fida_index("1" * 12)}) == 3
    assert first.fida_index("") is None


def test_keys_of_the_environment_come_first_and_rotate(monkeypatch, data_dir):
    monkeypatch.setenv("TAFAHOM_INDEX_KEY", key(9))
    monkeypatch.setenv("TAFAHOM_IDENTITY_KEY", key(1))
    old = sealer().seal(MARYAM, person_id=7)
    monkeypatch.setenv("TAFAHOM_IDENTITY_KEY", f"1:{key(1)},2:{key(2)}")
    seal = sealer()
    assert seal.key_version == 2
    assert seal.open(old, person_id=7, key_version=1) == MARYAM
    assert not (data_dir / "keys.json").exists()


def test_a_short_key_is_refused(monkeypatch):
    monkeypatch.setenv("TAFAHOM_INDEX_KEY", key(9))
    monkeypatch.setenv("TAFAHOM_IDENTITY_KEY", "c2hvcnQ=")
    with pytest.raises(ImproperlyConfigured):
        sealer()

"""What belongs to somebody else is not found, and guessing is slow, blind and written down."""

import hashlib
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from attacks.canaries import NAMES, NUMBER
from roster_files import line, roster
from rosters import national_id
from tafahom.access.rules import Act, Role, may
from tafahom.audit.models import Entry
from tafahom.credentials.models import Certificate, new_tokens
from tafahom.credentials.queries import CertificateStatus, verify
from tafahom.exchange.models import StagedImport
from tafahom.people import queries
from tafahom.people.models import Identity
from tafahom.people.sealing import sealer

LOCMEM = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "limits", "pages")
}
UNKNOWN = national_id(88123456)
# Pages for strangers that take nothing that could be guessed.
NOTHING_TO_GUESS = {"logout", "set_language", "set_theme"}


@pytest.mark.parametrize("step", ["", "commit/", "cancel/", "columns/", "rejects/{file}/"])
def test_uploads_of_others_are_not_found(sign_in, nest: SimpleNamespace, step: str) -> None:
    clerk = sign_in(Role.CENTRE_CLERK)
    file = StagedImport.objects.get().files.get()
    address = nest.detail + step.format(file=file.pk)
    before = StagedImport.objects.get().state
    for send in (clerk.get, clerk.post):
        assert send(address).status_code in (404, 405)
    assert StagedImport.objects.get().state == before


def test_a_file_of_another_upload_is_not_reached_through_ones_own(
    sign_in, nest: SimpleNamespace
) -> None:
    clerk = sign_in(Role.CENTRE_CLERK)
    sent = SimpleUploadedFile("b.csv", roster(line(50), line(51, **{"کد ملی": "1"})))
    mine = clerk.post(reverse("web:imports"), {"files": sent}).headers["Location"]
    theirs = StagedImport.objects.exclude(uid=mine.split("/")[-2]).get().files.get()
    assert clerk.get(f"{mine}rejects/{theirs.pk}/").status_code == 404
    assert clerk.post(f"{mine}columns/", {"file": theirs.pk}).status_code == 404


def look_up(client: Client, number: str) -> tuple[int, str, int]:
    """Return status, where to, and how many questions the database was asked."""
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = client.post(reverse("web:people_search"), {"q": number})
    return answer.status_code, answer.headers.get("Location", ""), len(asked)


@pytest.mark.parametrize("role", [role for role in Role if not may(role, Act.SEE_PEOPLE)])
def test_who_may_not_see_people_learns_nothing_by_asking(
    sign_in, nest: SimpleNamespace, role: Role
) -> None:
    client = sign_in(role)
    known, unknown = look_up(client, NUMBER), look_up(client, UNKNOWN)
    assert known == unknown
    assert known[0] == 404
    assert not Entry.objects.filter(action="people.looked_up").exists()


def test_a_look_up_asks_the_same_whether_somebody_is_known_or_not(
    nest: SimpleNamespace, django_assert_num_queries
) -> None:
    """By digest, in one question: neither the answer's cost nor its shape tells."""
    for number in (NUMBER, UNKNOWN):
        with CaptureQueriesContext(connection) as asked:
            queries.search_people(number)
        first = asked.captured_queries[0]["sql"]
        assert number not in first
        assert sealer().national_id_index(number) in first
        assert len(asked) == (2 if number == NUMBER else 1)


def test_digests_need_the_key(nest: SimpleNamespace) -> None:
    """Without it nobody can go through all numbers, as one could with a plain hash."""
    kept = set(Identity.objects.values_list("national_id_index", flat=True))
    assert sealer().national_id_index(NUMBER) in kept
    for text in (NUMBER, f"n:{NUMBER}"):
        for make in (hashlib.sha256, hashlib.sha1, hashlib.md5, hashlib.sha512):
            assert make(text.encode()).hexdigest() not in kept


def test_asking_is_as_fast_for_the_known_as_for_the_unknown(nest: SimpleNamespace) -> None:
    """The part that costs time by number, the digest and its look-up, is the same for both."""

    def cost(number: str) -> float:
        rounds = []
        for _ in range(40):
            begin = time.perf_counter()
            index = sealer()._digest("n", number)
            Identity.objects.filter(national_id_index=index).exists()
            rounds.append(time.perf_counter() - begin)
        return sorted(rounds)[len(rounds) // 2]

    cost(NUMBER)
    known, unknown = cost(NUMBER), cost(UNKNOWN)
    assert abs(known - unknown) < 0.5 * max(known, unknown)


@time_machine.travel("2026-11-23T08:05:00Z", tick=False)
def test_numbers_are_not_asked_through_one_by_one(
    officer: Client, nest: SimpleNamespace, settings
) -> None:
    settings.CACHES = LOCMEM
    statuses = [look_up(officer, national_id(5_000 + number))[0] for number in range(125)]
    assert statuses == [302] * 120 + [429] * 5
    assert Entry.objects.filter(action="people.looked_up").count() == 120


def test_a_roster_with_a_guessed_number_does_not_tell_whose_it_is(
    sign_in, nest: SimpleNamespace
) -> None:
    """That a number is taken under another name must be said; by whom is not."""
    clerk = sign_in(Role.CENTRE_CLERK)
    guess = line(90, **{"کد ملی": NUMBER, "نام": "حدس", "نام خانوادگی": "زننده", "کد دوره": "9"})
    sent = SimpleUploadedFile("guess.csv", roster(guess))
    page = clerk.post(reverse("web:imports"), {"files": sent}, follow=True).content.decode()
    for name in NAMES.values():
        assert name not in page
    assert nest.people[0].uid not in page


def test_tokens_are_not_guessed(nest: SimpleNamespace) -> None:
    tokens = new_tokens(2_000)
    assert len(set(tokens)) == 2_000
    assert {len(token) for token in tokens} == {32}
    bits = sum(int(token, 16).bit_count() for token in tokens) / (2_000 * 128)
    assert 0.49 < bits < 0.51
    token = Certificate.objects.earliest("pk").token
    assert verify(token).standing is CertificateStatus.VALID
    for place in range(0, 32, 5):
        other = "0" if token[place] != "0" else "1"
        near = token[:place] + other + token[place + 1 :]
        assert verify(near).standing is CertificateStatus.UNKNOWN
    for guess in ("%", "_" * 32, token[:31], token.upper() + " ", "' OR 1=1 --", "\0" * 32):
        assert verify(guess).standing in (CertificateStatus.UNKNOWN, CertificateStatus.VALID)
    assert verify("' OR 1=1 --").standing is CertificateStatus.UNKNOWN
    answer = verify(token)
    assert not [name for name in NAMES.values() if name in str(answer)]


def test_what_strangers_may_ask_is_slowed_down() -> None:
    """Every page for strangers that takes something has a limit."""
    open_to_all = [
        entry
        for entry in _patterns(get_resolver())
        if getattr(entry.callback, "act", "") == "everyone" and entry.name not in NOTHING_TO_GUESS
    ]
    assert open_to_all
    assert [entry.name for entry in open_to_all if not getattr(entry.callback, "limits", ())] == []


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry

"""Canaries are in every sensitive field; nobody who may not see them hears one sing."""

import json
import logging
import re
import sys
import urllib.parse
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils.crypto import get_random_string

from attacks.canaries import AUDIENCE, FIDA, HIDDEN, NAMES, NUMBER, REFUSED_NUMBER, nest, sings
from attacks.walking import addresses, as_text, live, readable, visit
from tafahom.access.rules import Act, Role, may
from tafahom.agreements.intake.rules import tracking_code
from tafahom.audit.models import Entry
from tafahom.config.logs import MaskingFormatter
from tafahom.credentials.models import new_token as new_certificate_token
from tafahom.figures import warehouse
from tafahom.identifiers.tokens import new_token
from tafahom.jobs.models import Job

__all__ = ["nest"]
WHY = {"occasion": "contact", "reason": "برای دعوت به آزمون"}
# Rosters' rejected rows go back, in full, to those who may send rosters.
GOES_BACK = {"import_rejects"}
# A group as a line of a list says nothing about anybody.
LISTS_OF_GROUPS = {"retention", "retention_rules", "retention_request"}
# Who proposes an agreement says for which groups: all are offered, and nobody is named by that.
OFFERS_GROUPS = {"propose"}


def roles() -> list[Role | None]:
    return [*Role, None]


def _may(role: Role | None, act: Act) -> bool:
    return role is not None and may(role, act)


def canaries_forbidden_to(role: Role | None, name: str) -> dict[str, str]:
    forbidden = {} if name in GOES_BACK and _may(role, Act.IMPORT_ROSTERS) else dict(HIDDEN)
    if not _may(role, Act.SEE_PEOPLE):
        forbidden |= NAMES
    if not (
        _may(role, Act.SEE_SENSITIVE)
        or _may(role, Act.SEE_SENSITIVE_FIGURES)
        or (name in LISTS_OF_GROUPS and _may(role, Act.SEE_RETENTION))
        or name in OFFERS_GROUPS
    ):
        forbidden["audience"] = AUDIENCE
    return forbidden


def test_no_page_or_file_sings_to_who_may_not_hear(
    sign_in, stranger: Client, nest: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    listed = live(nest.officer, readable(addresses()))
    names = {name for name, _address in listed}
    assert {"person_detail", "course_detail", "import_detail", "report_file", "people"} <= names
    heard = [
        (role, seen.address, seen.status, singing)
        for role in roles()
        for seen in visit(sign_in(role) if role else stranger, listed)
        if (singing := sings(seen.text, canaries_forbidden_to(role, seen.name)))
    ]
    assert heard == []
    assert sings(caplog.text, HIDDEN | NAMES | {"audience": AUDIENCE}) == []


def test_a_canary_in_an_address_is_not_sung_back(
    sign_in, stranger: Client, nest: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    numbers = {"number": NUMBER, "fida": FIDA}
    for role in roles():
        client = sign_in(role) if role else stranger
        client.raise_request_exception = False
        for value in numbers.values():
            for address in (
                f"/people/{value}/",
                f"/courses/{value}/",
                f"/nothing/{value}/",
                f"/people/?q={value}",
                f"/courses/?q={value}&sort={value}&page={value}",
                f"/reports/?year={value}&by={value}",
            ):
                response = client.get(address, follow=False)
                # The forms of language and theme lead back to the address that was typed.
                page = re.sub(r'<input type="hidden" name="next"[^>]*>', "", text_of(response))
                said = page + response.headers.get("Location", "")
                if response.status_code in (301, 302):
                    # To the log-in page and back to where one was going, or away from it.
                    target = urllib.parse.urlsplit(response.headers["Location"])
                    assert target.path == "/login/" or not sings(said, numbers), address
                elif response.status_code >= 400:
                    assert not sings(said, numbers), (role, address)
    assert caplog.records
    formatter = MaskingFormatter()
    lines = "\n".join(formatter.format(record) for record in caplog.records)
    assert sings(lines, numbers) == []


def text_of(response: HttpResponseBase) -> str:
    return b"".join(response).decode()


def test_the_log_hides_numbers_in_messages_and_traces() -> None:
    logger = logging.getLogger("tafahom.test")
    console = settings.LOGGING["handlers"]["console"]["formatter"]
    assert settings.LOGGING["formatters"][console]["()"] == "tafahom.config.logs.MaskingFormatter"
    formatter = MaskingFormatter()
    try:
        raise ValueError(f"Key (number)=({NUMBER}) exists")
    except ValueError:
        record = logger.makeRecord(
            "x", logging.ERROR, "f", 1, "Not Found: /people/%s/", ("۰۷۷۱۲۳۴۵۶۲",), sys.exc_info()
        )
    said = formatter.format(record)
    assert sings(said, {"number": NUMBER}) == []
    assert "۰۷••••••" in said
    uid = "2f6ab65e63ddd93dd4042664"
    record = logger.makeRecord("x", logging.ERROR, "f", 1, "job %s, 1397", (uid,), None)
    assert formatter.format(record) == f"job {uid}, 1397"


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Not Found: /invitation/{token}/", "Not Found: /invitation/"),
        ("Not Found: /calendar/{token}.ics", ".ics"),
        ("GET /people/?q=مریم&next={token} HTTP/1.1", "GET /people/?…"),
        ("session {session} ended", " ended"),
        ("code {code}", "code "),
        ("certificate {certificate}", "certificate "),
        ("roster \x1b]0;{token}\x07 \u202e and\nGET /second line", "\\nGET /second line"),
    ],
)
def test_the_log_hides_what_opens_something(line: str, kept: str) -> None:
    secrets_ = {
        "token": new_token(),
        "session": get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789"),
        "code": tracking_code("a", "b"),
        "certificate": new_certificate_token(),
    }
    record = logging.makeLogRecord({"msg": line.format(**secrets_)})
    said = MaskingFormatter().format(record)
    assert kept in said
    assert not any(secret in said for secret in secrets_.values())
    assert not any(sign in said for sign in "\x1b\x07\u202e\n")


def test_the_log_leaves_names_of_code_as_they_are() -> None:
    line = "tafahom/web/views/agreement_templates_of_somebody.py in test_that_it_is_so_and_not_else"
    assert MaskingFormatter().format(logging.makeLogRecord({"msg": line})) == line


def test_nothing_at_rest_sings(nest: SimpleNamespace, data_dir: Path) -> None:
    """Whoever copies the database and the data directory, without the keys, learns nobody."""
    person = nest.people[0]
    nest.officer.post(reverse("web:person_show", args=[person.uid]), WHY)
    nest.officer.post(reverse("web:people_search"), {"q": NUMBER})
    nest.officer.post(reverse("web:people_search"), {"q": NAMES["last_name"]})
    nest.officer.get(reverse("web:course_detail", args=[nest.course.uid]) + "?names=show")
    asked = {"reason": "برای صدور دوباره گواهینامه‌ها"}
    nest.officer.post(reverse("web:export_ask", args=["course", nest.course.uid]), asked)
    warehouse.refresh()
    told = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"SELECT * FROM {quoted}")
            rows = " ".join(_plain(value) for row in cursor.fetchall() for value in row)
            if singing := sings(rows, HIDDEN | NAMES):
                told[table] = singing
    assert told == {}
    files = [path for path in data_dir.rglob("*") if path.is_file()]
    assert {"uploads", "returned", "warehouse"} <= {
        path.relative_to(data_dir).parts[0] for path in files
    }
    for path in files:
        content = path.read_bytes()
        found = as_text(content) + content.decode("utf-16", errors="replace")
        assert sings(found, HIDDEN | NAMES) == [], path


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", errors="replace")
    return json.dumps(value, ensure_ascii=False, default=str)


def test_the_audit_says_that_and_never_what(nest: SimpleNamespace) -> None:
    person = nest.people[0]
    nest.officer.post(reverse("web:person_show", args=[person.uid]), WHY)
    nest.officer.get(nest.detail)
    told = json.dumps(list(Entry.objects.values()), ensure_ascii=False, default=str)
    assert person.uid in told
    assert sings(told, HIDDEN | NAMES | {"audience": AUDIENCE}) == []
    jobs = json.dumps(list(Job.objects.values()), ensure_ascii=False, default=str)
    assert sings(jobs, HIDDEN | NAMES | {"audience": AUDIENCE}) == []


def test_no_order_and_no_filter_tells_what_is_hidden(sign_in, nest: SimpleNamespace) -> None:
    """Sorting or filtering by a hidden field would let it be found by halving."""
    clerk = sign_in(Role.DIRECTOR)
    people = reverse("web:people")

    def rows(question: str) -> list[str]:
        address = people + (question or "?names=show")
        return [match.uid for match, _courses in clerk.get(address).context["rows"]]

    usual = rows("")
    assert len(usual) > 2
    for field in ("national_id", "birth_date", "mobile", "father_name", "audience", "fida_code"):
        assert rows(f"?names=show&sort={field}") == usual
        assert rows(f"?names=show&sort=-{field}") == usual
        assert rows(f"?names=show&{field}=1") == usual
    for part in (NUMBER[:5], NUMBER[-4:], "پدرقناری", "1371", AUDIENCE):
        assert rows(f"?q={part}") == []


def test_a_group_that_is_hidden_is_no_filter_and_no_count(sign_in, nest: SimpleNamespace) -> None:
    asked = "?year=1397&from=1&through=12&by=partner"
    for role in Role:
        if may(role, Act.SEE_SENSITIVE_FIGURES) or not may(role, Act.SEE_FIGURES):
            continue
        client = sign_in(role)
        address = reverse("web:report")
        plain = client.get(address + asked)
        narrowed = client.get(f"{address}{asked}&audience=canary&where=audience:canary")
        assert AUDIENCE not in plain.content.decode()
        assert plain.status_code == 200
        told = [page.context.get("table") for page in (plain, narrowed) if page.context]
        if narrowed.status_code == 200:
            assert len(told) == 2
            assert str(_rows(told[0])) == str(_rows(told[1]))


def _rows(table: object) -> object:
    return getattr(table, "rows", None)


def test_a_rejected_number_is_returned_to_its_sender_only(sign_in, nest: SimpleNamespace) -> None:
    listed = live(nest.officer, addresses("import_rejects"))
    assert listed
    [mine] = list(visit(nest.officer, listed[:1]))
    assert sings(mine.text, {"refused": REFUSED_NUMBER}) == ["refused"]
    for role in Role:
        if role is Role.AGREEMENTS_OFFICER:
            continue
        for seen in visit(sign_in(role), listed):
            assert seen.status in (302, 404), role

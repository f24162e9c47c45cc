"""No page runs or loads what is not ours; answers carry their headers; guessing is slow."""

import io
import re
import zipfile
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve, reverse

from tafahom.access.rules import Role
from tafahom.exchange.models import StagedImport
from tafahom.gate.limits import client_address
from tafahom.parties.actions import load_reference_data

LOADS = {"src", "action", "formaction", "hx-get", "hx-post", "poster", "data", "srcset"}
LOCMEM = {
    name: {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": name}
    for name in ("default", "limits", "pages")
}
# Enough of each kind of page: they are made by the same template.
PAGES_OF_A_KIND = 3


class Page(HTMLParser):
    """What a page would run and load, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inline: list[str] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        runs = tag == "script" and "src" not in given and "json" not in given.get("type", "")
        if tag == "style" or runs:
            self.inline.append(f"<{tag}>")
        for name, value in given.items():
            if name == "style" or name.startswith(("on", "hx-on")) or "javascript:" in value:
                self.inline.append(f"{tag} {name}={value}")
            if name in LOADS or (tag == "link" and name == "href"):
                self.loads.append(value)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])


def crawl(client: Client) -> dict[str, tuple[str, Page]]:
    """Pages by address, of whatever is led to from the home page."""
    found: dict[str, tuple[str, Page]] = {}
    seen: Counter[str] = Counter()
    waiting, known = ["/", "/login/"], set()
    while waiting:
        address = waiting.pop(0)
        if address in known:
            continue
        known.add(address)
        kind = resolve(urlsplit(address).path).view_name
        seen[kind] += 1
        if seen[kind] > PAGES_OF_A_KIND:
            continue
        response = client.get(address, follow=True)
        if "text/html" not in response["Content-Type"] or response.has_header(
            "Content-Disposition"
        ):
            continue
        assert response.status_code == 200, address
        page = Page(response.content.decode())
        found[address] = (kind, page)
        policy = response["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "http" not in policy
        for link in page.links:
            target = urljoin(address, link).partition("#")[0]
            parts = urlsplit(target)
            if not parts.netloc and parts.scheme in ("", "http") and parts.path.startswith("/"):
                waiting.append(target)
    return found


@pytest.mark.parametrize("role", [*Role, None])
def test_no_page_runs_or_loads_what_is_not_ours(
    sign_in, known: SimpleNamespace, role: Role | None
) -> None:
    load_reference_data()
    pages = crawl(sign_in(role))
    assert pages
    for address, (_kind, page) in pages.items():
        assert page.inline == [], address
        outside = [load for load in page.loads if urlsplit(load).netloc or ":" in load[:12]]
        assert outside == [], address


def test_the_officer_reaches_every_register(officer: Client, known: SimpleNamespace) -> None:
    load_reference_data()
    kinds = {kind for kind, _page in crawl(officer).values()}
    expected = {"home", "report", "agreement_detail", "partner_detail", "course_detail", "people"}
    assert {f"web:{name}" for name in (*expected, "person_detail", "imports", "press")} <= kinds


def test_no_sheet_or_script_of_ours_asks_another_host() -> None:
    folder = Path(str(finders.find("shell/tafahom.css"))).parent
    files = [*folder.glob("*.css"), *folder.glob("*.js")]
    assert len(files) > 2
    for file in files:
        text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        addresses = re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", text)
        assert [one for one in addresses if "www.w3.org" not in one] == [], file.name


def test_every_answer_carries_the_headers(stranger: Client, db: None) -> None:
    for address in (reverse("web:login"), "/nothing-here/", "/static/shell/tafahom.css"):
        answer = stranger.get(address)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer["Permissions-Policy"]
    page = stranger.get(reverse("web:login"))
    assert page["X-Frame-Options"] == "DENY"
    assert page.cookies["csrftoken"]["httponly"]


def attempt(client: Client, name: str, **headers: str) -> int:
    data = {"username": name, "password": "wrong"}
    return client.post(reverse("web:login"), data, headers=headers).status_code


@time_machine.travel("2026-11-23T08:05:00Z", tick=False)
def test_many_names_from_one_address_are_slowed_down_too(
    stranger: Client, db: None, settings, tmp_path: Path
) -> None:
    files = {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache"}  # as in production
    settings.CACHES = LOCMEM | {"limits": files | {"LOCATION": tmp_path}}
    statuses = [attempt(stranger, f"name{number}") for number in range(62)]
    assert statuses == [200] * 60 + [429] * 2


def test_only_our_own_proxies_say_who_asks(rf, settings) -> None:
    request = rf.get("/", headers={"x-forwarded-for": "6.6.6.6, 10.0.0.7"}, REMOTE_ADDR="127.0.0.1")
    assert client_address(request) == "127.0.0.1"
    settings.PROXIES = 1
    assert client_address(request) == "10.0.0.7"


def polyglots() -> dict[str, bytes]:
    """Files that are two things at once, or another thing than their name says."""
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("META-INF/MANIFEST.MF", "Main-Class: Evil\n")
        archive.writestr("Evil.class", b"\xca\xfe\xba\xbe")
    script = b"<script>alert(1)</script>"
    return {
        "pdf.xlsx": b"%PDF-1.7\n" + book.getvalue(),
        "jar.xlsx": book.getvalue(),
        "picture.xlsx": b"GIF89a/*" + script + b"*/=1;" + book.getvalue(),
        "page.csv": b"<!doctype html><html><body>" + script + b"</body></html>",
        "program.xls": b"MZ\x90\0" + bytes(range(256)) * 8,
        "drawing.csv": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "../../page.html": script,
    }


@pytest.mark.parametrize("name", polyglots())
def test_a_file_of_two_kinds_is_refused_and_never_comes_back_as_a_page(
    officer: Client, data_dir: Path, name: str
) -> None:
    sent = SimpleUploadedFile(name, polyglots()[name])
    answer = officer.post(reverse("web:imports"), {"files": sent}, follow=True)
    text = answer.content.decode()
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in text
    assert Page(text).inline == []
    staged = StagedImport.objects.latest("pk")
    assert staged.summary["accepted"] == 0
    # Kept under its digest only, inside the data directory, and no address leads to it.
    uploads = [path.name for path in (data_dir / "uploads").glob("*")]
    assert all(re.fullmatch(r"[0-9a-f]{64}", kept) for kept in uploads)
    for kept in uploads:
        for prefix in ("/uploads/", "/media/", "/static/", "/static/../uploads/"):
            assert officer.get(prefix + kept).status_code == 404

"""Workbooks that are good rosters and carry something else: the rows are read, the rest is nothing."""

import io
import re
import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from roster_files import HEADER, line
from rosters import prepare
from tafahom.exchange.models import StagedImport
from tafahom.people import vault

PROGRAM = b"MZ\x90\0" + bytes(range(256)) * 40
PAGE = b"<!doctype html><html><script>alert(1)</script></html>"
OUTSIDE = "http://attacker.invalid/"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
Spoil = Callable[[dict[str, bytes]], None]


def workbook() -> bytes:
    """A good roster of two rows, one of which goes back."""
    book = openpyxl.Workbook()
    page = book.active
    page.append(list(HEADER))
    for row in (line(1), line(2, **{"کد ملی": "1"})):
        page.append([row[name] for name in HEADER])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def spoiled(spoil: Spoil) -> bytes:
    """The same with parts added or changed."""
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spoil(parts)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def _embedded(parts: dict[str, bytes]) -> None:
    parts["xl/embeddings/oleObject1.bin"] = PROGRAM
    parts["xl/embeddings/setup.exe"] = PROGRAM


def _macro(parts: dict[str, bytes]) -> None:
    parts["xl/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + PROGRAM


def _external(parts: dict[str, bytes]) -> None:
    parts["xl/externalLinks/externalLink1.xml"] = (
        b'<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
    )
    parts["xl/externalLinks/_rels/externalLink1.xml.rels"] = (
        f'<Relationships xmlns="{OFFICE}"><Relationship Id="rId1" Type="{OFFICE}/externalLinkPath"'
        f' Target="{OUTSIDE}x.xlsx" TargetMode="External"/></Relationships>'
    ).encode()


def _entity(parts: dict[str, bytes]) -> None:
    """An external entity in the sheet, to be read from the server's disk."""
    name = "xl/worksheets/sheet1.xml"
    declared = b'<!DOCTYPE x [<!ENTITY leak SYSTEM "file:///etc/passwd">]>'
    content = re.sub(rb"^(<\?xml[^>]*\?>)?", lambda m: m[0] + declared, parts[name], count=1)
    parts[name] = content.replace(b"</sheetData>", b"&leak;</sheetData>")


def _traversal(parts: dict[str, bytes]) -> None:
    parts["../../../evil.html"] = PAGE
    parts["/etc/cron.d/evil"] = PROGRAM


def _page(parts: dict[str, bytes]) -> None:
    parts["index.html"] = PAGE


SPOILS: dict[str, Spoil] = {
    "embedded program": _embedded,
    "macro": _macro,
    "external link": _external,
    "entity": _entity,
    "traversal": _traversal,
    "page inside": _page,
}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Where anybody tried to connect to."""
    tried: list[object] = []

    def connect(_self: socket.socket, address: object) -> None:
        tried.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


@pytest.mark.parametrize("what", SPOILS)
def test_what_a_workbook_carries_besides_rows_goes_nowhere(
    officer: Client, data_dir: Path, no_network: list[object], what: str
) -> None:
    prepare()
    content = spoiled(SPOILS[what])
    sent = SimpleUploadedFile("فهرست.xlsx", content)
    address = officer.post(reverse("web:imports"), {"files": sent}).headers["Location"]
    page = officer.get(address).content.decode()
    assert "root:" not in page
    assert "<script>alert" not in page
    officer.post(f"{address}commit/")
    file = StagedImport.objects.get().files.get()
    # Read as a roster, or refused as a whole; never half of it.
    assert file.report["status"] in ("partly", "refused"), file.report
    if file.report["status"] == "partly":
        back = officer.get(f"{address}rejects/{file.pk}/")
        assert back["Content-Disposition"].startswith("attachment")
        _check_clean(b"".join(back.streaming_content))
    assert no_network == []
    assert not list(data_dir.rglob("*evil*"))
    assert not list(data_dir.rglob("*.exe"))
    for kept in vault.files():
        assert PROGRAM[:64] not in kept.read_bytes()
        assert vault.is_sealed(kept)


def _check_clean(content: bytes) -> None:
    """What goes back is a new workbook: nothing but cells came along."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
    bad = re.compile(r"embed|external|vba|\.bin$|\.exe$|\.html$|\.\.")
    assert not [name for name in names if bad.search(name)]
    assert OUTSIDE.encode() not in everything
    assert b"MZ\x90" not in everything
    assert b"root:" not in everything


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gifar.xlsx", b"GIF89a" + workbook()),
        ("page-then-book.xlsx", PAGE + workbook()),
        ("program-then-book.xlsx", PROGRAM + workbook()),
        ("pdf-then-book.xlsx", b"%PDF-1.7\n" + workbook()),
        ("page.csv", PAGE + b"\n" + ";".join(HEADER).encode()),
        ("rtf.csv", rb"{\rtf1\ansi{\object\objocx}}"),
        ("link.csv", b"[InternetShortcut]\nURL=http://attacker.invalid/\n"),
    ],
)
def test_a_roster_behind_something_else_is_refused_whole(
    officer: Client, name: str, content: bytes
) -> None:
    prepare()
    sent = SimpleUploadedFile(name, content, content_type="text/html")
    answer = officer.post(reverse("web:imports"), {"files": sent}, follow=True)
    assert "<script>alert" not in answer.content.decode()
    file = StagedImport.objects.get().files.get()
    assert (file.report["status"], file.report["accepted"]) == ("refused", 0)


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/x-msdownload"])
def test_what_a_browser_says_of_a_file_is_not_believed(officer: Client, kind: str) -> None:
    """The content decides; nothing that was sent is ever given back under its own kind."""
    prepare()
    sent = SimpleUploadedFile("roster.html", workbook(), content_type=kind)
    address = officer.post(reverse("web:imports"), {"files": sent}).headers["Location"]
    officer.post(f"{address}commit/")
    file = StagedImport.objects.get().files.get()
    assert file.report["status"] == "partly"
    back = officer.get(f"{address}rejects/{file.pk}/")
    assert back["Content-Type"].startswith("application/vnd.openxmlformats")
    assert back["X-Content-Type-Options"] == "nosniff"

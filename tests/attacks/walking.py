"""Walking every address there is, with every identifier there is, as anybody."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlsplit

from django.apps import apps
from django.db.models import Model
from django.http import HttpResponseBase
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from tafahom.agreements.models import CommittedMeasure, CostShare, Decision, Meeting
from tafahom.records import kinds_with_history
from tafahom.web.agreements.views.promises import RECORDS

ENDINGS = ("csv", "xlsx", "pdf", "docx", "html", "txt", "json")
# Of each table this many rows: pages of a kind are made by the same template.
ROWS = 2
# What is asked for besides an address: reports with every dimension that tells people apart.
QUESTIONS = {
    "report": [
        "?year=1397&from=1&through=12&by=audience",
        "?year=1397&from=1&through=12&by=partner&by=audience",
        "?year=1397&from=1&through=12&by=education&by=gender",
        "?year=1397&from=1&through=12&by=month&by=audience",
    ],
    "report_file": [
        "?year=1397&from=1&through=12&by=audience",
        "?year=1397&from=1&through=12&by=education",
    ],
    # Names that are closed until somebody asks for them.
    "course_detail": ["?names=show"],
    "attendance": ["?names=show"],
    "people": ["?names=show"],
    "press": ["?year=1397&from=1&through=12"],
    "press_file": ["?year=1397&from=1&through=12"],
}


@dataclass(frozen=True, slots=True)
class Visit:
    """An answer: what it is called, where it came from, and all of it as text."""

    name: str
    address: str
    status: int
    text: str


def own_models() -> Iterator[type[Model]]:
    """Give the models of the product."""
    for model in apps.get_models():
        if model.__module__.startswith("tafahom."):
            yield model


def routes() -> list[tuple[str, str, list[str]]]:
    """Return every named route: name to reverse by, plain name, parameters ("int" for numbers)."""
    return list(_routes(get_resolver(), ""))


def addresses(*only: str) -> list[tuple[str, str]]:
    """Return name and address of every route (or of these), with every identifier that may fit."""
    found: dict[str, str] = {}
    given = _identifiers()
    for full, name, parameters in routes():
        if only and name not in only:
            continue
        options = [given.get(parameter, given["str"]) for parameter in parameters]
        for arguments in product(*options):
            address = reverse(full, args=arguments)
            for question in ["", *QUESTIONS.get(name, [])]:
                found.setdefault(address + question, name)
    return [(name, address) for address, name in found.items()]


def readable(listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those whose answers can be looked into: all but PDFs, which have likes that can."""
    return [(name, address) for name, address in listed if "pdf" not in urlsplit(address).path]


def pages(listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those that are no files, by their endings."""
    return [
        (name, address)
        for name, address in listed
        if urlsplit(address).path.rpartition(".")[2] not in ENDINGS
    ]


def live(client: Client, listed: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return those that answer to somebody with something."""
    return [(name, address) for name, address, _response in answers(client, listed)]


def answers(
    client: Client, listed: list[tuple[str, str]]
) -> Iterator[tuple[str, str, HttpResponseBase]]:
    """Give the answers that say something, with name and address."""
    with override_settings(ROOT_URLCONF="attacks.quiet_urls"):
        for name, address in listed:
            response = client.get(address)
            if response.status_code < 300:
                yield name, address, response


def visit(client: Client, listed: list[tuple[str, str]]) -> Iterator[Visit]:
    """Give the answer of each address; files are unpacked, errors are answers."""
    client.raise_request_exception = False
    for name, address in listed:
        response = client.get(address)
        body = b"".join(response) if response.streaming else response.content
        headers = " ".join(f"{key}: {value}" for key, value in response.items())
        yield Visit(name, address, response.status_code, headers + as_text(body))


def as_text(body: bytes) -> str:
    """Return bytes as text, packed ones unpacked."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return "\n".join(as_text(archive.read(name)) for name in archive.namelist())
    return body.decode("utf-8", errors="replace")


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, str, list[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inside = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from _routes(entry, inside)
        elif isinstance(entry, URLPattern) and entry.name:
            parameters = [
                "int" if isinstance(one, IntConverter) else parameter
                for parameter, one in entry.pattern.converters.items()
            ]
            yield f"{prefix}{entry.name}", entry.name, parameters


def _identifiers() -> dict[str, list[str]]:
    # Besides keys there are years, and sessions, which have their ordinal in their course.
    texts, numbers, parts = [], ["1397", "1"], ["nothing"]
    for model in own_models():
        names = {field.name for field in model._meta.fields}
        rows = model._base_manager.order_by("pk")
        for name in names & {"uid", "token", "sha256"}:
            texts += [str(value) for value in rows.values_list(name, flat=True)[:ROWS]]
        if model in (CostShare, Meeting, Decision):
            parts += rows.values_list("uid", flat=True)[:ROWS]
        if model._meta.model_name in ("stagedfile", "enrolment"):
            numbers += [str(pk) for pk in rows.values_list("pk", flat=True)[:ROWS]]
    return {
        "str": list(dict.fromkeys(texts)),
        "int": list(dict.fromkeys(numbers)),
        "ending": list(ENDINGS),
        "subject": ["course", "agreement", "partner"],
        "kind": list(kinds_with_history()),
        "measure": list(CommittedMeasure.values),
        "dimensions": ["audience", "cluster", "county", "quarter", "nothing"],
        "what": list(RECORDS),
        "of": parts,
    }

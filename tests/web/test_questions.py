"""How many questions each page puts to the database: kept as data, so that a change is seen."""

import tomllib
from pathlib import Path
from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from tafahom.access.rules import Role
from tafahom.periods import actions

WRITTEN: dict[str, dict[str, int]] = tomllib.loads(
    Path(__file__).with_name("questions.toml").read_text(encoding="utf-8")
)
# Where a database needs others, such as for its locks.
OF_DATABASES = {name: WRITTEN.pop(name) for name in ("postgresql",)}
ASKERS = {
    "officer": Role.AGREEMENTS_OFFICER,
    "auditor": Role.AUDITOR,
}


def address(page: str, known: SimpleNamespace) -> str:
    """Return the address of a page, of a record in the year where it is of one."""
    of = {
        "agreement_detail": [known.national.uid],
        "course_detail": [known.one.uid],
        "attendance": [known.one.uid],
        "partner_detail": [known.guild.uid],
        "person_detail": [known.sara.uid],
        "person_readings": [known.sara.uid],
        "history": ["partner", known.guild.uid],
        "period_detail": ["test", 139702],
        "export_ask": ["course", known.one.uid],
    }
    return reverse(f"web:{page}", args=of.get(page, []))


def test_pages_ask_what_is_written(sign_in, known: SimpleNamespace, settings: Settings) -> None:
    settings.PROVINCE_CODE = "test"
    actions.begin_closing(province=known.one.centre.province, month=139702, by=None)
    others = OF_DATABASES.get(connection.vendor, {})
    for asker, written in WRITTEN.items():
        client, asked = sign_in(ASKERS[asker]), {}
        for page in written:
            place, shown = address(page, known), {"names": "show"}
            assert client.get(place, shown).status_code == 200, page  # fills caches
            with CaptureQueriesContext(connection) as questions:
                client.get(place, shown)
            asked[page] = len(questions)
        assert asked == {page: others.get(page, count) for page, count in written.items()}

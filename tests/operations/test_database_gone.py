"""A database that is gone: a page for who reads, a sentence for who types, on both databases."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import requests
from django.db import DatabaseError, OperationalError

from operations.conftest import Installation, Open
from operations.visitor import served
from tafahom.operations.database_faults import sentence

ADDRESS = os.environ.get("DATABASE_URL", "")


def take_away(place: Installation) -> None:
    """End all connections and let nobody in, as a server that was killed; or ruin the file."""
    address = place.environment["DATABASE_URL"]
    if not address.startswith("postgres"):
        Path(address.removeprefix("sqlite:///")).write_bytes(b"not a database at all " * 500)
        return
    name = urlsplit(address).path[1:]
    with psycopg.connect(ADDRESS, dbname="postgres", autocommit=True) as server:
        server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )


def test_pages_and_commands_say_it(open_place: Open) -> None:
    place = open_place("gone", migrated=True)
    place.run("init")
    log: list[str] = []
    with served(place, log) as address:
        assert requests.get(f"{address}/login/", timeout=60).status_code == 200
        take_away(place)
        for path in ("/login/", "/"):
            answer = requests.get(
                address + path,
                headers={"accept-language": "fa", "cookie": f"sessionid={'k' * 32}"},
                timeout=60,
                allow_redirects=False,
            )
            if answer.status_code == 302:  # to the log-in, which asks nobody
                continue
            assert answer.status_code == 503, answer.text
            assert answer.headers["Retry-After"] == "30"
            assert "پایگاه داده اکنون پاسخ نمی‌دهد" in answer.text
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
            break
        else:
            pytest.fail("nothing asked the database")
    written = "".join(log)
    assert "Service Unavailable" in written
    assert "Traceback" not in written
    for command in (["report", "--year", "1397", "--through", "1"], ["backup", "-o", "x"]):
        said = place.run(*command, status=2)
        assert "The database" in said
        assert "Traceback" not in said
        assert len(said.strip().splitlines()) == 1
    place.run("doctor", status=2)


def wrapped(error: Exception, cause: Exception) -> Exception:
    """An error as Django raises it from a driver's."""
    error.__cause__ = cause
    return error


def busy(file: Path) -> None:
    with sqlite3.connect(file) as other:
        other.execute("BEGIN EXCLUSIVE")
        sqlite3.connect(file, timeout=0).execute("INSERT INTO t VALUES (1)")


def read_only(file: Path) -> None:
    sqlite3.connect(f"file:{file}?mode=ro", uri=True).execute("INSERT INTO t VALUES (1)")


def no_folder(file: Path) -> None:
    sqlite3.connect(file / "below" / "it").execute("SELECT 1")


def no_database(file: Path) -> None:
    file.write_bytes(b"something else " * 100)
    sqlite3.connect(file).execute("SELECT * FROM t")


def emptied(file: Path) -> None:
    file.write_bytes(b"")
    sqlite3.connect(file).execute("SELECT * FROM t")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (busy, "مشغول"),
        (read_only, "نمی‌توان نوشت"),
        (no_folder, "باز نمی‌شود"),
        (no_database, "آسیب دیده"),
        (emptied, "tafahom init"),
    ],
)
def test_each_fault_of_a_file_has_its_sentence(
    tmp_path: Path, fault: Callable[[Path], None], said: str
) -> None:
    file = tmp_path / "a.sqlite3"
    sqlite3.connect(file).execute("CREATE TABLE t (a)")
    with pytest.raises(sqlite3.Error) as raised:
        fault(file)
    assert said in (sentence(raised.value) or "")
    assert said in (sentence(wrapped(DatabaseError(), raised.value)) or "")


def test_a_fault_of_ours_is_none_of_the_database(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.Error) as raised:
        sqlite3.connect(tmp_path / "a").execute("SELECT nonsense")
    assert sentence(wrapped(OperationalError(), raised.value)) is None
    assert sentence(ValueError()) is None

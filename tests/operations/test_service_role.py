"""The service logs in as one who owns nothing, and everything works."""

import contextlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

from operations.conftest import REGISTRIES, Installation, Open
from operations.test_backup import give_keys
from operations.visitor import PASSWORD, Visitor, code
from operations.visitor import served as serve
from scoping.service import postgresql_only
from tafahom.operations import drill
from tafahom.operations.envelope import BackupError

ADDRESS = os.environ.get("DATABASE_URL", "")
pytestmark = postgresql_only
ROLE = f"service_{os.getpid()}"


@pytest.fixture(scope="module")
def served(open_place: Open) -> Iterator[Installation]:
    """An installation whose DATABASE_URL is the service's, as docs/operations sets it up."""
    made = open_place("served", migrated=True)
    owner = made.environment["DATABASE_URL"]
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"CREATE ROLE {ROLE} LOGIN")
    parts = urlsplit(owner)
    where = parts.netloc.rpartition("@")[2]
    made.environment["DATABASE_OWNER_URL"] = owner
    made.environment["DATABASE_URL"] = urlunsplit(parts._replace(netloc=f"{ROLE}:@{where}"))
    made.run("init")
    for name, text in REGISTRIES.items():
        (made.folder / f"{name}.csv").write_text(text, encoding="utf-8")
        made.run("load", name, str(made.folder / f"{name}.csv"))
    yield made
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(f"DROP OWNED BY {ROLE}")
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"DROP ROLE {ROLE}")


def wall_of(place: Installation) -> dict[str, str]:
    told = json.loads(place.run("doctor", "--json", status=1))
    standing = [one for one in told["findings"] if one["check"] in ("guards", "rights", "ids")]
    assert [one["text"] for one in standing if one["level"] != "ok"] == []
    [found] = [one for one in told["findings"] if one["check"] == "wall"]
    return dict(found)


def test_it_owns_nothing_and_works(served: Installation) -> None:
    served.run("roster", "import", str(served.roster("first", 0, 120)))
    told = json.loads(served.run("report", "--year", "1397", "--through", "12", "--format", "json"))
    assert told["total"]["persons"] == 120
    served.run("keys", "rotate")
    served.run("audit", "verify")
    assert wall_of(served)["level"] == "ok"
    owned = served.python(
        "from django.db import connection as c\n"
        "k = c.cursor(); k.execute('SELECT count(*) FROM pg_class WHERE relowner ="
        " current_user::regrole'); print(k.fetchone()[0])"
    )
    assert owned == 0


def test_without_a_scope_a_program_sees_nobody(served: Installation) -> None:
    with psycopg.connect(served.environment["DATABASE_URL"]) as service:
        assert service.execute("SELECT count(*) FROM people_identity").fetchone() == (0,)
        assert service.execute("SELECT count(*) FROM training_enrolment").fetchone() == (0,)
    with psycopg.connect(served.environment["DATABASE_OWNER_URL"]) as owner:
        assert owner.execute("SELECT count(*) FROM people_identity").fetchone() == (120,)


def in_two_roles(place: Installation, name: str) -> Iterator[None]:
    """Let a place be another machine's: an owner that is no superuser, and the service."""
    parts = urlsplit(place.environment["DATABASE_URL"])
    where = parts.netloc.rpartition("@")[2]
    owner, service = f"{name}_owner_{os.getpid()}", f"{name}_service_{os.getpid()}"
    for variable, role in (("DATABASE_OWNER_URL", owner), ("DATABASE_URL", service)):
        place.environment[variable] = urlunsplit(parts._replace(netloc=f"{role}:@{where}"))
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"CREATE ROLE {owner} LOGIN")
        server.execute(f"ALTER DATABASE {parts.path[1:]} OWNER TO {owner}")
        yield
        for role in (owner, service):
            server.execute(f"DROP ROLE IF EXISTS {role}")


def tables_of(place: Installation) -> int:
    with psycopg.connect(place.environment["DATABASE_OWNER_URL"]) as owner:
        found = owner.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        return found.fetchone()[0]


def test_on_an_empty_machine_an_officer_comes_in_with_the_second_step_of_before(
    served: Installation, open_place: Open, request: pytest.FixtureRequest
) -> None:
    served.python(
        "from tafahom.access.actions import create_user\n"
        "from tafahom.access.rules import Role\n"
        f"create_user(username='karimi', password={PASSWORD!r},"
        " roles=[Role.AGREEMENTS_OFFICER], by=None)\nprint('true')"
    )
    with serve(served) as address:
        visitor = Visitor(address)
        visitor.log_in("karimi")
        secret = visitor.set_up_second_step()
    file = served.folder / "second.backup"
    assert ", secret: " in served.run("backup", "-o", str(file))

    machine = open_place("machine")
    gone = contextlib.contextmanager(in_two_roles)(machine, "machine")
    gone.__enter__()
    request.addfinalizer(lambda: drop(machine, gone))
    service = urlsplit(machine.environment["DATABASE_URL"]).username
    # Nothing is written before all is there that it needs, and each missing thing is named.
    assert f"CREATE ROLE {service}" in machine.run("restore", str(file), status=2)
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f"CREATE ROLE {service} LOGIN")
    said = machine.run("restore", str(file), status=2)
    assert "no keys here" in said
    assert "secret.key in the data directory" in said
    assert tables_of(machine) == 0
    give_keys(served, machine)
    machine.run("restore", str(file))
    with serve(machine) as address:
        visitor = Visitor(address)
        assert visitor.log_in("karimi").url.endswith("/login/code/")
        visitor.send("/login/code/", code=code(secret, 1))
        assert visitor.get("/people/").url.endswith("/people/")
    assert wall_of(machine)["level"] == "ok"


def drop(machine: Installation, gone: contextlib.AbstractContextManager[None]) -> None:
    with psycopg.connect(ADDRESS, dbname="postgres", autocommit=True) as server:
        name = urlsplit(machine.environment["DATABASE_URL"]).path[1:]
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.execute(f"CREATE DATABASE {name}")  # which the fixture drops
    gone.__exit__(None, None, None)


def test_a_backup_comes_back_behind_the_wall(served: Installation, open_place: Open) -> None:
    file = served.folder / "all.tafahom"
    served.run("backup", "-o", str(file))
    other = open_place("restored")
    owner = other.environment["DATABASE_URL"]
    where = urlsplit(owner)
    other.environment["DATABASE_OWNER_URL"] = owner
    other.environment["DATABASE_URL"] = urlunsplit(
        where._replace(netloc=f"{ROLE}:@{where.netloc.rpartition('@')[2]}")
    )
    give_keys(served, other)
    other.run("restore", str(file))
    assert other.state()["figures"] == served.state()["figures"]
    assert wall_of(other)["level"] == "ok"
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(f"DROP OWNED BY {ROLE}")


def test_the_drill_goes_to_a_place_of_its_own(served: Installation) -> None:
    before = served.state()
    said = served.run("backup", "--drill")
    assert "Audit head: the same" in said
    assert "Figures: the same" in said
    assert served.state() == before
    with psycopg.connect(served.environment["DATABASE_OWNER_URL"]) as owner:
        left = "SELECT count(*) FROM pg_database WHERE starts_with(datname, 'tafahom_drill_')"
        assert owner.execute(left).fetchone() == (0,)


@pytest.mark.django_db(transaction=True)
def test_an_owner_who_makes_no_databases_is_told(tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE plain_owner")
        cursor.execute("SET ROLE plain_owner")
        try:
            with (
                pytest.raises(BackupError, match="CREATEDB"),
                drill._second_place(tmp_path),
            ):
                pass
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP ROLE plain_owner")


def test_who_logs_in_as_the_owner_is_told(office: Installation) -> None:
    assert wall_of(office)["level"] == "warning"

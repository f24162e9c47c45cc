"""An installation of its own whose work is killed, and that is looked into from outside."""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg

import schema

ZYGOTE = Path(__file__).with_name("zygote.py")


class Database:
    """A database that can be put back to how it once was."""

    def __init__(self, folder: Path) -> None:
        self._address = os.environ.get("DATABASE_URL", "")
        self.is_server = self._address.startswith("postgres")
        self.file = folder / "killed.sqlite3"
        self._folder = folder
        self._name = f"killed_{os.getpid()}_{folder.name}".lower()
        self._kept: list[str] = []
        if self.is_server:
            self._on_server("CREATE DATABASE {name}")

    def migrate(self) -> None:
        """Give an empty database its tables."""
        if self.is_server:
            self._on_server("DROP DATABASE {name}")
            self._on_server(f"CREATE DATABASE {{name}} TEMPLATE {schema.template(self._address)}")
        else:
            schema.copy_to(self.file)

    @property
    def address(self) -> str:
        """What DATABASE_URL says for it."""
        if self.is_server:
            return urlunsplit(urlsplit(self._address)._replace(path=f"/{self._name}"))
        return f"sqlite:///{self.file}"

    def keep(self, name: str) -> None:
        """Remember how it is now."""
        self._kept.append(name)
        if self.is_server:
            self._on_server(f"CREATE DATABASE {{name}}_{name} TEMPLATE {{name}}")
        else:
            shutil.copy(self.file, self._folder / f"{name}.kept")

    def put_back(self, name: str) -> None:
        """Make it what it was when it was kept under this name."""
        if self.is_server:
            self._on_server("DROP DATABASE {name} WITH (FORCE)")
            self._on_server(f"CREATE DATABASE {{name}} TEMPLATE {{name}}_{name}")
            return
        for rest in ("", "-journal", "-wal", "-shm"):
            Path(f"{self.file}{rest}").unlink(missing_ok=True)
        shutil.copy(self._folder / f"{name}.kept", self.file)

    def wait_until_left(self) -> None:
        """Wait until nobody is connected: what a killed client sent last is over by then.

        A server goes on with a statement, a COMMIT for one, whose client is gone.
        """
        if not self.is_server:
            return
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        give_up = time.monotonic() + 60
        with psycopg.connect(self._address, dbname="postgres", autocommit=True) as server:
            while server.execute(others, [self._name]).fetchone() != (0,):
                assert time.monotonic() < give_up, "a killed client's work goes on"
                time.sleep(0.01)

    def drop(self) -> None:
        """Leave nothing on the server."""
        if self.is_server:
            for name in ("", *(f"_{kept}" for kept in self._kept)):
                self._on_server(f"DROP DATABASE IF EXISTS {{name}}{name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self._address, dbname="postgres", autocommit=True) as server:
            server.execute(statement.format(name=self._name))


@dataclass
class Tally:
    """How many kills came before the work began to write, while it was at it, and too late."""

    seconds: float  # how long the work takes when it is left alone
    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        kills = sum(self.counts.values())
        return f"{kills} kills over {self.seconds:.2f} s: {dict(self.counts)}"


class Hands:
    """A process of an installation that forks children, one after the other, to do its work."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._zygote = subprocess.Popen(
            [sys.executable, str(ZYGOTE)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Let it end."""
        self._zygote.communicate()

    def start(self, **order: object) -> int:
        """Have a child begin; its process id."""
        assert self._zygote.stdin
        self._zygote.stdin.write(json.dumps(order) + "\n")
        self._zygote.stdin.flush()
        return int(self._said()["pid"])

    def end(self) -> dict[str, Any]:
        """Wait until the child is gone; how it went."""
        return self._said()

    def _said(self) -> dict[str, Any]:
        assert self._zygote.stdout
        line = self._zygote.stdout.readline()
        assert line, "the process that forks is gone: see above for what it said"
        said: dict[str, Any] = json.loads(line)
        return said


class Installation:
    """Its folder, its database, and a process that forks children to do its work."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.database = Database(folder)
        self.environment: dict[str, str] = os.environ | {
            "DATABASE_URL": self.database.address,
            "TAFAHOM_DATA_DIR": str(self.data),
            "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        self.hands = Hands(self.environment)

    def close(self) -> None:
        """End everything."""
        self.hands.close()
        self.database.drop()

    def keep(self, name: str) -> None:
        """Remember the database and the data folder as they are."""
        self.database.keep(name)
        shutil.copytree(self.data, self.folder / f"{name}.data")

    def put_back(self, name: str) -> None:
        """Make both what they were."""
        self.database.put_back(name)
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / f"{name}.data", self.data)

    def command(self, *arguments: object, may_find: bool = False) -> None:
        """Run a `tafahom` command to its end."""
        self.hands.start(command=[str(one) for one in arguments])
        done = self.hands.end()
        assert done["answer"] == 0 or may_find, (arguments, done)

    def work(self, name: str, **arguments: object) -> Any:
        """Run something of the zygote's to its end; its answer."""
        self.hands.start(work=name, **{"with": arguments})
        done = self.hands.end()
        assert done["status"] == 0, (name, done)
        return done["answer"]

    def length_of(self, **order: object) -> float:
        """How long, in seconds, a piece of work takes when it is left alone."""
        begun = time.monotonic()
        self.hands.start(**order)
        done = self.hands.end()
        assert done["status"] == 0, done
        return time.monotonic() - begun

    def kill(self, tally: Tally, chance: random.Random, **order: object) -> str:
        """Let a piece of work begin and kill it at any moment; when it was hit."""
        pid = self.hands.start(**order)
        # A little over its length: that it has just ended is a moment like any other.
        time.sleep(chance.uniform(0, 1.05 * tally.seconds))
        try:
            os.killpg(pid, signal.SIGKILL)
        except ProcessLookupError:
            # It has not made a group of its own yet, or is gone.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        done = self.hands.end()
        assert done["status"] in (0, -signal.SIGKILL), done
        self.database.wait_until_left()
        when = "after" if done["ended"] else "during" if done["wrote"] else "before"
        tally.counts[when] += 1
        return when

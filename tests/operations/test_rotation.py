"""Keys are changed while people read and import: nobody notices, and a kill loses nothing."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from operations.conftest import Installation, Open

ROTATIONS = int(os.environ.get("TAFAHOM_ROTATIONS", "2"))
# Reads in every way the product does until a file called "stop" is there.
READ = """
import django, json, os, sys; django.setup()
from tafahom.scoping import everything
all_of_it = everything("a test")
all_of_it.__enter__()
from tafahom.people import queries
from tafahom.people.models import Identity
reads, wrong = 0, []
while not os.path.exists(sys.argv[1]):
    try:
        people = list(Identity.objects.values_list("person_id", flat=True))
        opened = queries.identities_of(people)
        assert len(opened) == len(people) and all(d.national_id for d in opened.values())
        one = opened[people[reads % len(people)]]
        assert queries.find_by_national_id(one.national_id)
        assert queries.search_people("akbari")  == []
        assert len(queries.search_people("اکبری")) >= len(people)
        reads += 1
    except Exception as error:
        wrong.append(repr(error))
print(json.dumps({"reads": reads, "wrong": wrong}))
"""


@pytest.fixture(scope="module")
def busy(open_place: Open, office: Installation) -> Installation:
    """An installation of our own with 2,000 more people than the office's."""
    office.run("roster", "import", str(office.roster("many", 5000, 2000)))
    return office


def versions(place: Installation) -> dict[int, int]:
    told = json.loads(place.run("keys", "list", "--json"))
    return {key["version"]: key["rows"] for key in told["keys"]}


def test_rotation_under_load_fails_no_read_and_survives_kills(busy: Installation) -> None:
    stop = busy.folder / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", READ, str(stop)],
            env=busy.environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    chance, kills = random.Random(3), 0
    try:
        for number in range(ROTATIONS):
            importer = busy.start(
                "roster", "import", str(busy.roster(f"load{number}", 8000 + number * 500, 400))
            )
            for _ in range(3):
                work = busy.start("keys", "rotate")
                time.sleep(chance.uniform(0.4, 1.6))
                if work.poll() is None:
                    os.killpg(work.pid, signal.SIGKILL)
                    kills += 1
                work.wait()
            out, said = importer.communicate()
            assert importer.returncode == 0, (out, said)
            busy.run("keys", "rotate")
            newest = max(versions(busy))
            for version in sorted(versions(busy))[:-1]:
                busy.run("keys", "retire", str(version))
            assert versions(busy) == {newest: 2300 + 400 * (number + 1)}
    finally:
        stop.touch()
        answers = [json.loads(reader.communicate()[0]) for reader in readers]
    assert kills
    for answer in answers:
        assert answer["wrong"] == []
        assert answer["reads"] > 3
    state = busy.state()
    assert state["audit"]["intact"]
    assert state["identities"]["opened"] == 20


def test_a_key_that_rows_need_is_not_retired(busy: Installation) -> None:
    before = versions(busy)
    current = max(before)
    busy.run("keys", "new")
    assert f"need key {current}" in busy.run("keys", "retire", str(current), status=2)
    assert "not an old key" in busy.run("keys", "retire", str(current + 1), status=2)
    assert f"sealed with key {current + 1}" in busy.run("keys", "rotate")
    assert "removed" in busy.run("keys", "retire", str(current))
    assert versions(busy) == {current + 1: before[current]}


def test_every_change_of_keys_is_in_the_audit(busy: Installation) -> None:
    acts = busy.python(
        "import json\nfrom tafahom.audit.models import Entry\n"
        "print(json.dumps(list(Entry.objects.filter(action__startswith='keys.')"
        ".values_list('action', flat=True))))"
    )
    assert {"keys.new", "keys.rotated", "keys.retired"} <= set(acts)


def test_a_row_that_was_tampered_with_is_left_and_told(busy: Installation) -> None:
    busy.python(
        "from tafahom.people.models import Identity\n"
        "row = Identity.objects.earliest('pk')\n"
        "row.sealed = bytes(row.sealed)[:-1] + bytes([bytes(row.sealed)[-1] ^ 1])\n"
        "row.save()\nprint('true')"
    )
    assert "1 identities do not open" in busy.run("keys", "rotate", status=1)
    old, _new = sorted(versions(busy))
    assert versions(busy)[old] == 1
    busy.run("keys", "retire", str(old), status=2)


def test_keys_of_the_environment_are_changed_there(busy: Installation) -> None:
    first, second = (busy.run("keys", "new", "--print").strip() for _ in range(2))
    keys = {"TAFAHOM_IDENTITY_KEY": f"1:{first}", "TAFAHOM_INDEX_KEY": second}
    assert "environment" in busy.run("keys", "new", status=2, **keys)

"""The doctor says what is wrong, and nothing when all is well."""

import json

from operations.conftest import Installation, Open


def findings(place: Installation, status: int) -> dict[str, list[str]]:
    """Levels by check."""
    told = json.loads(place.run("doctor", "--json", status=status))
    levels: dict[str, list[str]] = {}
    for one in told["findings"]:
        levels.setdefault(one["check"], []).append(one["level"])
    return levels


def test_a_healthy_installation_and_what_can_ail_it(office: Installation) -> None:
    office.data.chmod(0o700)
    office.run("backup", "-o", str(office.folder / "health.backup"))
    is_owner = office.environment["DATABASE_URL"].startswith("postgres")
    said = findings(office, status=int(is_owner))
    # The suite logs in as the owner of its tables: see test_service_role.
    assert said.pop("wall") == ["warning" if is_owner else "ok"]
    assert {name: levels for name, levels in said.items() if set(levels) != {"ok"}} == {}
    assert len(said) == 19

    office.data.chmod(0o755)
    keys = office.data / "keys.json"
    keys.chmod(0o644)
    said = findings(office, status=1)
    assert said["data_directory"] == ["warning"]
    assert said["keys"] == ["failed", "ok"]
    office.data.chmod(0o700)
    keys.chmod(0o600)

    stored = keys.read_text()
    other = json.loads(stored)
    other["identity"] = other["identity"].replace("1:", "2:")
    keys.write_text(json.dumps(other))
    assert findings(office, status=1)["keys"] == ["failed"]
    keys.rename(office.folder / "keys.json")
    assert findings(office, status=1)["keys"] == ["failed"]
    assert not keys.exists()  # looking makes none
    keys.write_text(stored)
    keys.chmod(0o600)

    facts = sorted((office.data / "warehouse" / "facts").glob("*.parquet"))
    facts[0].rename(office.folder / "facts")
    assert findings(office, status=1)["warehouse"] == ["failed"]
    (office.folder / "facts").rename(facts[0])

    office.python(
        "from tafahom.exchange import tasks\nfrom django.utils import timezone\n"
        "from django_tasks_db.models import DBTaskResult\n"
        "import datetime as dt\n"
        "DBTaskResult.objects.create(args_kwargs={'args': [], 'kwargs': {}}, task_path='x.y',"
        " backend_name='default', queue_name='default', priority=0)\n"
        "DBTaskResult.objects.update(enqueued_at=timezone.now() - dt.timedelta(hours=1))\n"
        "print('true')"
    )
    assert findings(office, status=1)["background"] == ["failed"]


def test_a_place_that_is_not_prepared_is_told_so(open_place: Open) -> None:
    assert "tafahom init" in open_place("unprepared").run("doctor", status=2)


def test_the_doctor_speaks_persian(office: Installation) -> None:
    office.data.chmod(0o755)
    assert "پوشهٔ داده" in office.run("doctor", status=1, TAFAHOM_LANGUAGE="fa")

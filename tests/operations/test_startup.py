"""A safe start without any setting; in production nothing starts that is unsafe."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tafahom.operations.startup import is_weak

pytestmark = pytest.mark.once

STRONG = "k7Jq-" + "wZ3xV9bN1mQ5tR8yU2iO4pA6sD0fG" * 2
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "tafahom.config.settings",
    "TAFAHOM_ENV": "production",
    "TAFAHOM_ALLOWED_HOSTS": "tafahom.karaj.ir",
}


def tafahom(folder: Path, *arguments: str, **environment: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tafahom.config.cli", *arguments],
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "tafahom.config.settings"}
        | {"TAFAHOM_DATA_DIR": str(folder), "DATABASE_URL": "", "TAFAHOM_LANGUAGE": "en"}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"TAFAHOM_SECRET_KEY": "short"}, "TAFAHOM_SECRET_KEY is weak"),
        ({"TAFAHOM_SECRET_KEY": "development-only-" + "k" * 50}, "TAFAHOM_SECRET_KEY is weak"),
        ({"TAFAHOM_DEBUG": "on"}, "TAFAHOM_DEBUG is on"),
        ({"TAFAHOM_ALLOWED_HOSTS": "*"}, "takes any name"),
        ({"TAFAHOM_ENV": "", "TAFAHOM_DEBUG": "on"}, "TAFAHOM_DEBUG is on"),
        ({"TAFAHOM_HTTPS": "off", "TAFAHOM_SESSION_HOURS": "48"}, "TAFAHOM_SESSION_HOURS"),
        ({"TAFAHOM_ENV": "", "TAFAHOM_MFA_REQUIRED": "off"}, "TAFAHOM_MFA_REQUIRED is off"),
        ({"DATABASE_URL": "postgresql://who:p@/"}, "DATABASE_URL is no address"),
        ({"EMAIL_URL": "mail.karaj.ir"}, "EMAIL_URL is no address"),
        (
            {
                "TAFAHOM_OIDC_ISSUER": "http://id.example.ir",
                "TAFAHOM_OIDC_CLIENT_ID": "tafahom",
                "TAFAHOM_OIDC_CLIENT_SECRET": "secret",
            },
            "TAFAHOM_OIDC_ISSUER must be an https address",
        ),
    ],
)
def test_production_refuses_what_is_unsafe(
    tmp_path: Path, change: dict[str, str], said: str
) -> None:
    status, text = tafahom(tmp_path, "serve", "--port", "1", **(PRODUCTION | change))
    assert status == 2
    assert said in text


def test_the_second_step_is_required_in_production_and_nowhere_else(tmp_path: Path) -> None:
    _status, text = tafahom(tmp_path, "diffsettings", **PRODUCTION)
    assert "SECOND_FACTOR_REQUIRED = True" in text
    _status, text = tafahom(tmp_path, "diffsettings")
    assert "SECOND_FACTOR_REQUIRED = False" in text


def test_production_refuses_keys_that_others_can_read(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    (tmp_path / "keys.json").chmod(0o644)
    status, text = tafahom(tmp_path, "serve", "--port", "1", **PRODUCTION)
    assert status == 2
    assert "keys.json can be read by others" in text
    assert tafahom(tmp_path, "check", "--deploy", **PRODUCTION)[0] == 1


def test_an_address_that_says_nothing_is_told_in_words_everywhere(tmp_path: Path) -> None:
    for address in ("mysql://a:b@c/d", "nonsense", "postgresql://a:b@c:d/e", "postgresql:///x"):
        status, text = tafahom(tmp_path, "report", DATABASE_URL=address)
        assert (status, text.count("\n")) == (2, 1), text
        assert "DATABASE_URL is no address of a database" in text


def test_what_is_written_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    assert tafahom(folder, "init")[0] == 0
    assert tafahom(folder, "invite", "karimi")[0] == 0
    found = [folder, *folder.rglob("*")]
    assert len(found) > 3
    assert [path.name for path in found if path.stat().st_mode & 0o077] == []


def test_the_server_of_others_is_refused_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tafahom.config.wsgi"],
        env=os.environ | PRODUCTION | {"TAFAHOM_DATA_DIR": str(tmp_path), "TAFAHOM_DEBUG": "on"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ImproperlyConfigured" in done.stderr


def test_a_production_that_is_well_set_passes_every_check_of_django(tmp_path: Path) -> None:
    said = tafahom(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "ERROR",
        TAFAHOM_SECRET_KEY=STRONG,
        **PRODUCTION,
    )
    assert said[0] == 0, said


def test_without_settings_each_installation_has_a_secret_of_its_own(tmp_path: Path) -> None:
    secrets = []
    for name in ("one", "two"):
        folder = tmp_path / name
        for _ in range(2):
            assert tafahom(folder, "check")[0] == 0
        file = folder / "secret.key"
        assert file.stat().st_mode & 0o777 == 0o600
        secrets.append(file.read_text())
    assert secrets[0] != secrets[1]
    assert not any(map(is_weak, secrets))
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"secret.key", "limits"}

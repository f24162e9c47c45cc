"""What every test may rely on."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management.commands import flush
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings
from pytest_django.fixtures import Settings

import schema
from tafahom.audit import guards
from tafahom.scoping import everything

# A busy machine is no fault of what is tested: nothing here fails for taking long.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci" if os.environ.get("CI") else "suite")

# These have installations of their own on the server of the suite.
WITH_INSTALLATIONS = {"operations", "robustness", "journeys"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what no database takes part in: the suite runs it once, not on each database."""
    for item in items:
        has_database = item.get_closest_marker("django_db") or (
            {"db", "transactional_db"} & set(item.fixturenames)  # type: ignore[attr-defined]
        )
        if not has_database and item.path.parent.name not in WITH_INSTALLATIONS:
            item.add_marker("once")


def pytest_sessionstart() -> None:
    """Let the thousands of objects that live as long as the suite not be looked at for garbage."""
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None,
) -> Iterator[None]:
    """The suite's database begins as a copy of one that is migrated already."""
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["TEMPLATE"] = schema.template(os.environ["DATABASE_URL"])
        yield
        return
    memory = schema.copy_into_memory(connection.creation._get_test_db_name())
    yield
    memory.close()


@pytest.fixture(autouse=True)
def data_dir(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory of the test's own: warehouse, uploads and rejects start empty."""
    folder = tmp_path_factory.mktemp("data")
    settings.DATA_DIR = folder
    settings.MEDIA_ROOT = folder / "uploads"
    return folder


@pytest.fixture(scope="session", autouse=True)
def _emptying_between_tests() -> Iterator[None]:
    """Let the suite empty the database: the audit refuses that by triggers, made again after."""
    empty = flush.Command.handle

    def unguarded(self: flush.Command, **options: object) -> None:
        guards.remove()
        empty(self, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush.Command, "handle", unguarded)
        yield


@pytest.fixture(autouse=True)
def _whole_installation() -> Iterator[None]:
    """Tests see everything, as commands do; a request begins with no scope all the same."""
    with everything("tests"):
        yield


@pytest.fixture(autouse=True)
def _language_of_the_office() -> Iterator[None]:
    """Each test begins in the language of the settings, whatever the one before it spoke."""
    with translation.override(django_settings.LANGUAGE_CODE):
        yield

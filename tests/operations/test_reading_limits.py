"""A setting that pages of names could not be shown with is said before anybody opens one."""

import pytest
from pytest_django.fixtures import Settings

from tafahom.operations.checks import limits_of_reading

pytestmark = pytest.mark.once


def test_the_settings_as_they_come_are_right() -> None:
    assert limits_of_reading(None) == []


@pytest.mark.parametrize("value", [[], [150], [1, 2, 3], [150, -1]])
@pytest.mark.parametrize("name", ["READING_FREE", "READING_ALARM", "READING_WAIT", "NAMES_DAYS"])
def test_other_than_two_numbers_is_an_error(
    settings: Settings, name: str, value: list[int]
) -> None:
    setattr(settings, name, value)
    [error] = limits_of_reading(None)
    assert f"TAFAHOM_{name}" in error.msg

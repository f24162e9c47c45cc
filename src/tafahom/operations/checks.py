"""Our part of ``tafahom check --deploy``."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from tafahom.operations.production import unfit
from tafahom.operations.startup import unreadable, unsafe


@register(Tags.security, deploy=True)
def safe_to_serve(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """What would keep ``tafahom serve`` from starting in production."""
    return [Error(said, id="tafahom.E001") for said in unreadable() + unsafe() + unfit()]


@register()
def limits_of_reading(
    app_configs: Sequence[AppConfig] | None, **_options: Any
) -> list[CheckMessage]:
    """Settings that pages of names need, and could not be shown without."""
    pairs = ("READING_FREE", "READING_ALARM", "READING_WAIT", "NAMES_DAYS")
    wrong = [name for name in pairs if len(getattr(settings, name)) != 2]
    wrong += [name for name in pairs if name not in wrong and min(getattr(settings, name)) < 0]
    return [
        Error(f"TAFAHOM_{name} takes two numbers, such as 150,400.", id="tafahom.E002")
        for name in wrong
    ]

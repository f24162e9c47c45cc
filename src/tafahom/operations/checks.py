"""Our part of ``tafahom check --deploy``."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from tafahom.operations.startup import unsafe


@register(Tags.security, deploy=True)
def safe_to_serve(app_configs: Sequence[AppConfig] | None, **_options: Any) -> list[CheckMessage]:
    """What would keep ``tafahom serve`` from starting, and plain HTTP."""
    found: list[CheckMessage] = [Error(said, id="tafahom.E001") for said in unsafe()]
    if not settings.HTTPS:
        found.append(Warning("TAFAHOM_HTTPS is off: passwords travel open.", id="tafahom.W001"))
    return found


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

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

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class FiguresConfig(AppConfig):
    name = "tafahom.figures"

    def ready(self) -> None:
        """Have the statements compiled with the database, not with the first import."""
        post_migrate.connect(_compile_statements, sender=self)


def _compile_statements(**_signal: Any) -> None:
    from tafahom.figures import engine, warehouse  # models are there by now

    engine.compile_statements(warehouse.folder())

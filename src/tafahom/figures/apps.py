from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class FiguresConfig(AppConfig):
    name = "tafahom.figures"

    def ready(self) -> None:
        """Have the statements compiled with the database, not with the first import."""
        # Figures has no tables of its own, and Django tells only apps that have.
        post_migrate.connect(_compile_statements, sender=apps.get_app_config("training"))


def _compile_statements(**_signal: Any) -> None:
    from tafahom.figures import engine, warehouse  # models are there by now

    engine.compile_statements(warehouse.folder())

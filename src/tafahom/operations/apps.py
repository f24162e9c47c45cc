from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, pre_migrate

from tafahom.audit.catalogue.wanted import expect
from tafahom.scoping import wall


class OperationsConfig(AppConfig):
    name = "tafahom.operations"

    def ready(self) -> None:
        """Register what ``check --deploy`` runs, and keep the wall in step with the tables."""
        from tafahom.operations import checks, service  # noqa: F401 - needs the models
        from tafahom.operations.records import register_records

        register_records()
        expect(wall.wanted)
        of_all = apps.get_app_config("audit")  # both are sent when everything is migrated
        pre_migrate.connect(wall.before_migrations, sender=of_all)
        post_migrate.connect(service.after_migrations, sender=of_all)

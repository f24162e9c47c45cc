from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeriodsConfig(AppConfig):
    name = "tafahom.periods"

    def ready(self) -> None:
        """Put the guards up as soon as the tables are there; see `guards.lifted` for later."""
        from tafahom.audit.catalogue.wanted import expect
        from tafahom.periods import guards  # apps must be loaded first
        from tafahom.periods.records import register_records

        register_records()
        expect(guards.wanted)
        post_migrate.connect(guards.after_migrations, sender=self)

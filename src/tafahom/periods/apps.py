from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class PeriodsConfig(AppConfig):
    name = "tafahom.periods"

    def ready(self) -> None:
        """Keep the guards in step with the tables: migrations of SQLite make tables anew."""
        from tafahom.periods import guards  # apps must be loaded first

        pre_migrate.connect(guards.before_migrations, sender=self)
        post_migrate.connect(guards.after_migrations, sender=self)

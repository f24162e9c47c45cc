from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class AuditConfig(AppConfig):
    name = "tafahom.audit"

    def ready(self) -> None:
        """Keep the guards in step with the tables, and tell triggers who works."""
        from tafahom.audit import bounds, guards, locking  # apps must be loaded first
        from tafahom.audit.catalogue.wanted import expect
        from tafahom.audit.records import register_records

        register_records()
        expect(guards.wanted)
        expect(bounds.wanted)
        connection_created.connect(locking.introduce)
        pre_migrate.connect(bounds.before_migrations, sender=self)
        post_migrate.connect(bounds.after_migrations, sender=self)
        pre_migrate.connect(guards.before_migrations, sender=self)
        post_migrate.connect(guards.after_migrations, sender=self)

"""`tafahom migrate` (and `init`): each migration is in the database whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management.commands import migrate
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from tafahom.periods import guards


class WholeMigrations(MigrationExecutor):
    """Writes what a migration does and that it was done in one transaction.

    Django commits the two apart where indexes or constraints come last. Killed in between, it
    finds tables that it does not know it made, and no later run gets past them.
    """

    def apply_migration(
        self, state: ProjectState, migration: Migration, *args: Any, **kwargs: Any
    ) -> ProjectState:
        """Run a migration forwards."""
        with self._one_transaction(migration):
            return super().apply_migration(state, migration, *args, **kwargs)

    def unapply_migration(
        self, state: ProjectState, migration: Migration, *args: Any, **kwargs: Any
    ) -> ProjectState:
        """Run a migration backwards."""
        with self._one_transaction(migration):
            return super().unapply_migration(state, migration, *args, **kwargs)

    @contextmanager
    def _one_transaction(self, migration: Migration) -> Iterator[None]:
        if not migration.atomic:
            yield
            return
        # SQLite can stop looking at foreign keys only outside a transaction; it looks at all of
        # them at the end of the migration.
        self.connection.disable_constraint_checking()
        try:
            alias = self.connection.alias
            with transaction.atomic(using=alias), guards.lifted(alias):
                yield
        finally:
            self.connection.enable_constraint_checking()


# Django's command takes its executor by this name and offers no other way in.
migrate.MigrationExecutor = WholeMigrations  # type: ignore[attr-defined]


class Command(migrate.Command):
    """Django's command with ``WholeMigrations``."""

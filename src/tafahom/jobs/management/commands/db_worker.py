"""The worker itself, as `tafahom work` starts it: the library's, with signs of life."""

import logging
import os
from typing import Any

from django.db import Error
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from tafahom.jobs.watch import KEEPER_PID, WORKER, Heart

log = logging.getLogger(__name__)


class WatchedWorker(db_worker.Worker):
    """Tells that it lives and whether it has a task; ends after the task when its keeper is gone."""

    def __init__(self, **options: Any) -> None:
        self._heart, self._is_running = Heart(WORKER), True
        # Told and not looked up: the keeper may be gone before we have begun.
        self._keeper = int(os.environ.get(KEEPER_PID) or os.getppid())
        super().__init__(**options)

    @property
    def running(self) -> bool:
        """Whether to go on. The library asks this before each look for work."""
        self._heart.beat()
        return self._is_running and os.getppid() == self._keeper

    @running.setter
    def running(self, value: bool) -> None:
        self._is_running = value

    def run_task(self, db_task_result: "DBTaskResult[..., Any]") -> None:
        """Do one task."""
        self._heart.beat(busy=True)
        super().run_task(db_task_result)
        self._heart.beat()

    def run(self) -> None:
        """Work; ends with status 1, to be started again, when the database is lost."""
        try:
            super().run()
        except Error as error:
            log.error("The worker lost the database: %s", error)
            raise SystemExit(1) from error


# The library's command takes its worker by this name and offers no other way in.
db_worker.Worker = WatchedWorker  # type: ignore[misc]


class Command(db_worker.Command):
    """The library's command with ``WatchedWorker``."""

"""``tafahom serve``: the pages, and the background worker where one is needed."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from tafahom.operations.startup import refusals
from tafahom.web.serving.background import Background, is_needed
from tafahom.web.serving.server import (
    LIMITS,
    THREADS,
    TIMEOUT_SECONDS,
    WORKERS,
    Log,
    PageWorker,
    Server,
)


class Command(BaseCommand):
    help = "Serve the pages until interrupted, with the background worker where one is needed"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--without-worker", action="store_true", help="where “tafahom work” runs by itself"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve; returns when the server is stopped."""
        host, port = options["host"], options["port"]
        if not 0 < port < 65536:
            raise CommandError("The port must be between 1 and 65535.", returncode=2)
        if refused := refusals():
            raise CommandError("\n".join(refused), returncode=2)
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # else whitenoise complains
        shown = f"[{host}]" if ":" in host else host
        connections.close_all()  # workers are forked and must not share a connection
        background = None
        if is_needed() and not options["without_worker"]:
            background = Background(sys.stderr)
            background.start()

        def say_ready(_server: object) -> None:
            self.stdout.write(f"Tafahom: http://{shown}:{port}/ (Ctrl+C stops it)")
            self.stdout.flush()

        def stop_background(_server: object) -> None:
            if background:
                background.stop()

        choices = {
            "bind": f"{shown}:{port}",
            "workers": WORKERS,
            "worker_class": PageWorker,
            "logger_class": Log,
            # A second way in, which nobody needs: a socket in the home of the account.
            "control_socket_disable": True,
            "threads": THREADS,
            "timeout": TIMEOUT_SECONDS,
            "loglevel": "warning",
            "proc_name": "tafahom",
            "when_ready": say_ready,
            "on_exit": stop_background,
            **LIMITS,
        }
        Server(choices, background).run()

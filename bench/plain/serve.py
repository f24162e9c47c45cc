"""Serves the plain page with the server of ``tafahom serve`` and its settings."""

import argparse
import os
from typing import Any

import django
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections

from tafahom.web.serving.server import THREADS, WORKERS, Server

ROWS = 50


class PlainServer(Server):
    """The server of the product with another application in it."""

    def load(self) -> Any:
        """Return the one page."""
        return get_wsgi_application()


def main() -> None:
    """Make the rows and serve until stopped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain.settings"
    django.setup()
    _make_rows()
    choices = {
        "bind": f"127.0.0.1:{port}",
        "workers": WORKERS,
        "worker_class": "gthread",
        "threads": THREADS,
        "loglevel": "warning",
    }
    PlainServer(choices).run()


def _make_rows() -> None:
    from bench.plain.models import Row  # once Django is ready

    with connection.schema_editor() as editor:
        editor.create_model(Row)
    Row.objects.bulk_create(
        Row(name=f"Row {n}", persons=n * 37, hours=n * 3_700, courses=n, certified=n * 30)
        for n in range(ROWS)
    )
    connections.close_all()  # workers are forked and must not share a connection


if __name__ == "__main__":
    main()

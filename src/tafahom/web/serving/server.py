"""The server of the pages: gunicorn with our choices."""

import contextlib
import gc
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.checks.urls import check_url_config
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.utils import translation
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger
from gunicorn.http.errors import LimitRequestHeaders, LimitRequestLine
from gunicorn.workers.gthread import ThreadWorker

from tafahom.figures import engine
from tafahom.jobs.watch import tell_manager
from tafahom.web.serving.background import Background
from tafahom.web.serving.plain_pages import plain_answer

WORKERS = 2
THREADS = 4
# Importing a whole year goes on in the worker; a page that takes this long is stuck.
TIMEOUT_SECONDS = 120
# A long list makes so many objects that looking for garbage after each 700 took a third of its time.
COLLECT_AFTER = 10_000


# What a proxy of ours lets through too: see deploy/nginx.
LIMITS = {"limit_request_line": 8190, "limit_request_fields": 100, "limit_request_field_size": 8190}


TOO_LONG: dict[type[BaseException], HTTPStatus] = {
    LimitRequestLine: HTTPStatus.REQUEST_URI_TOO_LONG,
    LimitRequestHeaders: HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
}


class Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's messages go where ours go, with numbers and tokens hidden; no access log."""

    def setup(self, cfg: Any) -> None:
        """Hand the messages on."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _load_pages() -> None:
    """Have what every page needs at hand before the first visitor comes."""
    for name in ("shell/base.html", "home/home.html", "reports/report.html"):
        get_template(name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Home")


class PageWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's worker, with our pages where it refuses a request before Django sees it."""

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:
        """Answer what is too long; leave other faults to gunicorn."""
        status = TOO_LONG.get(type(exc))
        if status is None:
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("A request was refused: %s", status.phrase)
        with contextlib.suppress(OSError):
            client.sendall(plain_answer(status))


class Master(Arbiter):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's master, which looks once a second whether its workers live: so it does for ours."""

    def murder_workers(self) -> None:
        """End workers that hang, and look after the background work."""
        super().murder_workers()
        tell_manager("WATCHDOG=1")
        if self.app.background:
            self.app.background.look_after()


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with our choices and nothing from files or the environment."""

    def __init__(self, choices: dict[str, Any], background: Background | None = None) -> None:
        self.choices, self.background = choices, background
        super().__init__()

    def run(self) -> None:
        """Serve until told to stop."""
        Master(self).run()

    def load_config(self) -> None:
        """Take the choices."""
        for name, value in self.choices.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the WSGI application, loaded in each worker with all its pages."""
        application = get_wsgi_application()
        check_url_config(None)
        engine.load_ahead()
        _load_pages()
        gc.set_threshold(COLLECT_AFTER)
        return application

"""The server of the pages: gunicorn with our choices."""

import gc
from typing import Any

from django.conf import settings
from django.core.checks.urls import check_url_config
from django.core.wsgi import get_wsgi_application
from django.template.loader import get_template
from django.utils import translation
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from tafahom.figures import engine

WORKERS = 2
THREADS = 4
# Importing a whole year goes on in the worker; a page that takes this long is stuck.
TIMEOUT_SECONDS = 120
# A long list makes so many objects that looking for garbage after each 700 took a third of its time.
COLLECT_AFTER = 10_000


# What a proxy of ours lets through too: see deploy/nginx.
LIMITS = {"limit_request_line": 8190, "limit_request_fields": 100, "limit_request_field_size": 8190}


class Log(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's messages go where ours go, with numbers and tokens hidden; no access log."""

    def setup(self, cfg: Any) -> None:
        """Hand the messages on."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _load_pages() -> None:
    """Have what every page needs at hand before the first visitor comes."""
    for name in ("web/base.html", "web/home.html", "web/report.html"):
        get_template(name)
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("Home")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with our choices and nothing from files or the environment."""

    def __init__(self, choices: dict[str, Any]) -> None:
        self.choices = choices
        super().__init__()

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

"""The WSGI application that a server runs."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
application = get_wsgi_application()

from tafahom.operations.startup import refusals  # noqa: E402 - needs Django set up

if refused := refusals():
    raise ImproperlyConfigured(" ".join(refused))

from importlib import import_module

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "tafahom.web"

    def ready(self) -> None:
        """Have the start of visits noted, also of one that begins before the first request."""
        import_module("tafahom.web.sign_in.visits")

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    name = "tafahom.web"

    def ready(self) -> None:
        """Have each visit know when it began."""
        from tafahom.web.sign_in.visits import begin  # apps must be loaded first

        user_logged_in.connect(begin)

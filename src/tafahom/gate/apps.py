from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class GateConfig(AppConfig):
    name = "tafahom.gate"

    def ready(self) -> None:
        """Have each visit know when it began."""
        from tafahom.gate.visits import begin  # apps must be loaded first

        user_logged_in.connect(begin)

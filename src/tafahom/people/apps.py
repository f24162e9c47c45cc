from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tafahom.people"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.audit.tracked import keep_history  # apps must be loaded first
        from tafahom.people.models import Person

        # Undoing an import removes persons by the thousand; its entry says so.
        keep_history(Person, removals=False)

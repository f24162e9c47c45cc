from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tafahom.people"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.people.records import register_records  # apps must be loaded first

        register_records()

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "tafahom.exchange"

    def ready(self) -> None:
        """Make the records known."""
        from tafahom.exchange.records import register_records  # apps must be loaded first

        register_records()

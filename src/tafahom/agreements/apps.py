from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "tafahom.agreements"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.agreements.models import Agreement, Commitment, Obligation, Signatory
        from tafahom.audit.tracked import keep_history  # apps must be loaded first

        keep_history(Agreement)
        for model in (Commitment, Obligation, Signatory):
            keep_history(model, owner="agreement")

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "tafahom.agreements"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.agreements.models import (
            Agreement,
            AgreementParty,
            Commitment,
            CommitmentShare,
            Obligation,
            Signatory,
        )
        from tafahom.audit.tracked import keep_history  # apps must be loaded first

        keep_history(Agreement)
        for model in (Commitment, CommitmentShare, AgreementParty, Obligation, Signatory):
            keep_history(model, owner="agreement")

"""Writing down what was done to an agreement."""

from tafahom.access.models import User
from tafahom.agreements.models import Agreement
from tafahom.audit.actions import record


def record_act(what: str, agreement: Agreement, by: User | None, **details: object) -> None:
    """Record an act on an agreement; ``details`` hold no personal data."""
    record(action=f"agreements.{what}", target=f"agreement:{agreement.uid}", details=details, by=by)

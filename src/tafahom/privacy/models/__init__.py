"""What is decided about personal data: how long, who was forgotten, what was let out."""

from tafahom.privacy.models.export import DataExport, Subject
from tafahom.privacy.models.retention import (
    Cause,
    Erasure,
    RetentionRequest,
    RetentionRule,
)

__all__ = ["Cause", "DataExport", "Erasure", "RetentionRequest", "RetentionRule", "Subject"]

"""What is decided about personal data: how long, who was forgotten, what was let out, who reads much."""

from tafahom.privacy.models.export import DataExport, Subject
from tafahom.privacy.models.reading import ReadingAlarm, RecentReading
from tafahom.privacy.models.retention import (
    Cause,
    Erasure,
    RetentionRequest,
    RetentionRule,
    YearsRequest,
)

__all__ = [
    "Cause",
    "DataExport",
    "Erasure",
    "ReadingAlarm",
    "RecentReading",
    "RetentionRequest",
    "RetentionRule",
    "Subject",
    "YearsRequest",
]

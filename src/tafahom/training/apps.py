from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "tafahom.training"

    def ready(self) -> None:
        """Say of which tables the history is kept."""
        from tafahom.audit.tracked import keep_history  # apps must be loaded first
        from tafahom.training.models import (
            Attendance,
            Course,
            Enrolment,
            OccupationalStandard,
            ReplacedEnrolment,
            ReportedHours,
        )

        # Undoing an import removes courses by the hundred; its entry says so.
        keep_history(Course, removals=False)
        keep_history(OccupationalStandard)
        keep_history(ReportedHours, removals=False)
        keep_history(ReplacedEnrolment, removals=False)
        # Why somebody is here is sensitive: no history holds it.
        keep_history(Enrolment, owner="course", omit=["audience"])
        keep_history(Attendance, owner="enrolment")

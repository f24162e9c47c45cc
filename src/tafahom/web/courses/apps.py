from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tafahom.access.rules import Act
from tafahom.records.pages import open_at


class CoursesPagesConfig(AppConfig):
    name = "tafahom.web.courses"
    label = "courses_pages"

    def ready(self) -> None:
        """Say what is shown here, and where it is in the menu."""
        from tafahom.web.shell.navigation import add_place  # apps must be loaded first

        add_place("web:courses", _("Courses"), Act.SEE_REGISTERS, position=90)
        open_at(course="web:course_detail")

from django.apps import AppConfig


class CoursesPagesConfig(AppConfig):
    name = "tafahom.web.courses"
    label = "courses_pages"

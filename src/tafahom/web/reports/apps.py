from django.apps import AppConfig


class ReportsPagesConfig(AppConfig):
    name = "tafahom.web.reports"
    label = "reports_pages"

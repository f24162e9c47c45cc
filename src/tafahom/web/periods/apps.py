from django.apps import AppConfig


class PeriodsPagesConfig(AppConfig):
    name = "tafahom.web.periods"
    label = "periods_pages"

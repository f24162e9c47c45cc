from django.apps import AppConfig


class PartnersPagesConfig(AppConfig):
    name = "tafahom.web.partners"
    label = "partners_pages"

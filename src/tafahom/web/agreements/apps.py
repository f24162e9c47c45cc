from django.apps import AppConfig


class AgreementsPagesConfig(AppConfig):
    name = "tafahom.web.agreements"
    label = "agreements_pages"

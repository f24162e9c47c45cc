from django.apps import AppConfig


class PrivacyPagesConfig(AppConfig):
    name = "tafahom.web.privacy"
    label = "privacy_pages"

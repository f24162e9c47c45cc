from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "tafahom.credentials"

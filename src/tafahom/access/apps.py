from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "tafahom.access"

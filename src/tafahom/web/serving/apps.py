from django.apps import AppConfig


class ServingPagesConfig(AppConfig):
    name = "tafahom.web.serving"
    label = "serving_pages"

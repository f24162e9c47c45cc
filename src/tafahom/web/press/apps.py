from django.apps import AppConfig


class PressPagesConfig(AppConfig):
    name = "tafahom.web.press"
    label = "press_pages"

from django.apps import AppConfig


class TextsPagesConfig(AppConfig):
    name = "tafahom.web.texts"
    label = "texts_pages"

from django.apps import AppConfig


class ImportsPagesConfig(AppConfig):
    name = "tafahom.web.imports"
    label = "imports_pages"

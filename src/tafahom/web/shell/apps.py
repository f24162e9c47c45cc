from django.apps import AppConfig


class ShellPagesConfig(AppConfig):
    name = "tafahom.web.shell"
    label = "shell_pages"

from django.apps import AppConfig


class HomePagesConfig(AppConfig):
    name = "tafahom.web.home"
    label = "home_pages"

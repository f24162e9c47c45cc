from django.apps import AppConfig


class PeoplePagesConfig(AppConfig):
    name = "tafahom.web.people"
    label = "people_pages"

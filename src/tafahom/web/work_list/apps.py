from django.apps import AppConfig


class WorkListPagesConfig(AppConfig):
    name = "tafahom.web.work_list"
    label = "work_list_pages"

from django.apps import AppConfig


class AccountsPagesConfig(AppConfig):
    name = "tafahom.web.accounts"
    label = "accounts_pages"

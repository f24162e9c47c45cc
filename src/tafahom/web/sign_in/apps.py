from django.apps import AppConfig


class SignInPagesConfig(AppConfig):
    name = "tafahom.web.sign_in"
    label = "sign_in_pages"

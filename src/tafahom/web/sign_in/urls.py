"""Addresses of coming in and going out, and how pages look."""

from django.urls import path

from tafahom.web.sign_in.views import visit

urlpatterns = [
    path("login/", visit.login, name="login"),
    path("logout/", visit.logout, name="logout"),
    path("language/", visit.set_language, name="set_language"),
    path("theme/", visit.set_theme, name="set_theme"),
]

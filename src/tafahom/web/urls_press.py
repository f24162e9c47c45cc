"""Addresses of press releases."""

from django.urls import path

from tafahom.web.views import press

urlpatterns = [
    path("", press.press, name="press"),
    path("file/<str:ending>/", press.press_file, name="press_file"),
]

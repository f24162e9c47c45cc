"""Addresses of press releases."""

from django.urls import path

from tafahom.web.press import views

urlpatterns = [
    path("press/", views.press, name="press"),
    path("press/file/<str:ending>/", views.press_file, name="press_file"),
]

"""Addresses under which promises, money, committees and renewals are written down."""

from django.urls import path

from tafahom.web.views import promises

urlpatterns = [
    path("agreements/<str:uid>/record/<str:what>/", promises.promise_record, name="promise_record"),
    path(
        "agreements/<str:uid>/record/<str:what>/<str:of>/",
        promises.promise_record,
        name="promise_record_of",
    ),
]

"""Addresses under which promises, money, committees and renewals are written down."""

from django.urls import path

from tafahom.web.views import promises, renewal, slices, termination

urlpatterns = [
    path("agreements/<str:uid>/renewal/", renewal.renewal, name="renewal"),
    path(
        "agreements/<str:uid>/terminate/",
        termination.agreement_terminate,
        name="agreement_terminate",
    ),
    path("agreements/<str:uid>/record/renewal/", renewal.renewal_start, name="renewal_start"),
    path("agreements/<str:uid>/record/<str:what>/", promises.promise_record, name="promise_record"),
    path(
        "agreements/<str:uid>/record/<str:what>/<str:of>/",
        promises.promise_record,
        name="promise_record_of",
    ),
    path(
        "agreements/<str:uid>/commitments/<str:ending>/",
        slices.commitments_file,
        name="commitments_file",
    ),
    path(
        "agreements/<str:uid>/slices/<int:year>/<str:measure>/<str:dimensions>/",
        slices.slices,
        name="slices",
    ),
]

"""Addresses of agreements, from a draft to what follows one."""

from django.urls import path

from tafahom.web.agreements.views import (
    agreements,
    draft,
    life,
    obligations,
    promises,
    renewal,
    saved_views,
    slices,
    statuses,
    termination,
)

urlpatterns = [
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/file/<str:ending>/", agreements.agreements_file, name="agreements_file"),
    path("agreements/new/", draft.agreement_new, name="agreement_new"),
    path("agreements/<str:uid>/", agreements.agreement_detail, name="agreement_detail"),
    path("agreements/<str:uid>/edit/", draft.agreement_edit, name="agreement_edit"),
    path("agreements/<str:uid>/delete/", draft.agreement_delete, name="agreement_delete"),
    path("agreements/<str:uid>/move/", life.agreement_move, name="agreement_move"),
    path("agreements/<str:uid>/sign/", life.agreement_sign, name="agreement_sign"),
    path("agreements/<str:uid>/reveals/", statuses.agreement_reveals, name="agreement_reveals"),
    path("agreements/<str:uid>/obligations/", obligations.obligation_add, name="obligation_add"),
    path("obligations/<str:uid>/", obligations.obligation_fulfil, name="obligation_fulfil"),
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
    path("views/", saved_views.saved_views, name="saved_views"),
    path("views/<str:uid>/", saved_views.saved_view_change, name="saved_view_change"),
    path("views/<str:uid>/remove/", saved_views.saved_view_remove, name="saved_view_remove"),
]

"""Addresses about the record of acts."""

from django.urls import path

from tafahom.web.views import audit

urlpatterns = [
    path("", audit.audit, name="audit"),
    path("<int:number>/", audit.audit_entry, name="audit_entry"),
    path("history/<str:kind>/<str:uid>/", audit.history, name="history"),
]

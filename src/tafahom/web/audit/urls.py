"""Addresses of the record of acts."""

from django.urls import path

from tafahom.web.audit import views

urlpatterns = [
    path("audit/", views.audit, name="audit"),
    path("audit/<int:number>/", views.audit_entry, name="audit_entry"),
    path("audit/history/<str:kind>/<str:uid>/", views.history, name="history"),
]

"""Addresses of partners."""

from django.urls import path

from tafahom.web.partners import views

urlpatterns = [
    path("partners/", views.partners, name="partners"),
    path("partners/<str:uid>/", views.partner_detail, name="partner_detail"),
    path("partners/<str:uid>/reveals/", views.partner_reveals, name="partner_reveals"),
]

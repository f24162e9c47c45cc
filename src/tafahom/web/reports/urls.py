"""Addresses of reports, the league of partners and the map of counties."""

from django.urls import path

from tafahom.web.reports.views import comparison, reports

urlpatterns = [
    path("reports/", reports.report, name="report"),
    path("reports/file/<str:ending>/", reports.report_file, name="report_file"),
    path("agreements/counties/", comparison.counties, name="counties"),
    path("partners/league/", comparison.partners_league, name="partners_league"),
    path(
        "partners/league/file/<str:ending>/",
        comparison.partners_league_file,
        name="partners_league_file",
    ),
]

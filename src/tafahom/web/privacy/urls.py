"""Addresses of files of personal data, how long names are kept, and alarms."""

from django.urls import path

from tafahom.web.privacy.views import exports, reading_alarms, retention

urlpatterns = [
    path("readings/<str:uid>/", reading_alarms.reading_alarm, name="reading_alarm"),
    path("retention/", retention.retention, name="retention"),
    path("retention/rules/", retention.retention_rules_save, name="retention_rules"),
    path(
        "retention/years/<str:uid>/confirm/",
        retention.retention_years_confirm,
        name="retention_years_confirm",
    ),
    path(
        "retention/years/<str:uid>/refuse/",
        retention.retention_years_refuse,
        name="retention_years_refuse",
    ),
    path(
        "retention/years/<str:uid>/withdraw/",
        retention.retention_years_withdraw,
        name="retention_years_withdraw",
    ),
    path("retention/ask/", retention.retention_ask, name="retention_ask"),
    path("retention/<str:uid>/", retention.retention_request, name="retention_request"),
    path("retention/<str:uid>/people/", retention.retention_people, name="retention_people"),
    path("retention/<str:uid>/approve/", retention.retention_approve, name="retention_approve"),
    path("retention/<str:uid>/decline/", retention.retention_decline, name="retention_decline"),
    path("retention/<str:uid>/withdraw/", retention.retention_withdraw, name="retention_withdraw"),
    path("retention/<str:uid>/cancel/", retention.retention_cancel, name="retention_cancel"),
    path("exports/", exports.exports, name="exports"),
    path("exports/ask/<str:subject>/<str:uid>/", exports.export_ask, name="export_ask"),
    path("exports/<str:uid>/", exports.export_detail, name="export_detail"),
    path("exports/<str:uid>/approve/", exports.export_approve, name="export_approve"),
    path("exports/<str:uid>/decline/", exports.export_decline, name="export_decline"),
    path("exports/<str:uid>/withdraw/", exports.export_withdraw, name="export_withdraw"),
    path("exports/<str:uid>/file/", exports.export_take, name="export_take"),
]

"""Addresses of pages."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tafahom.web.views import (
    account,
    agreement_draft,
    agreement_life,
    agreements,
    attendance,
    attention,
    comparison,
    courses,
    home,
    partners,
    people,
    reports,
    statuses,
)

app_name = "web"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("reports/", reports.report, name="report"),
    path("reports/file/<str:ending>/", reports.report_file, name="report_file"),
    path("agreements/", agreements.agreements, name="agreements"),
    path("agreements/file/<str:ending>/", agreements.agreements_file, name="agreements_file"),
    path("agreements/new/", agreement_draft.agreement_new, name="agreement_new"),
    path("agreements/counties/", comparison.counties, name="counties"),
    path("agreements/<str:uid>/", agreements.agreement_detail, name="agreement_detail"),
    path("agreements/<str:uid>/edit/", agreement_draft.agreement_edit, name="agreement_edit"),
    path("agreements/<str:uid>/delete/", agreement_draft.agreement_delete, name="agreement_delete"),
    path("agreements/<str:uid>/move/", agreement_life.agreement_move, name="agreement_move"),
    path("agreements/<str:uid>/sign/", agreement_life.agreement_sign, name="agreement_sign"),
    path("agreements/<str:uid>/reveals/", statuses.agreement_reveals, name="agreement_reveals"),
    path("agreements/<str:uid>/obligations/", attention.obligation_add, name="obligation_add"),
    path("obligations/<str:uid>/", attention.obligation_fulfil, name="obligation_fulfil"),
    path("attention/", attention.attention, name="attention"),
    path("partners/", partners.partners, name="partners"),
    path("partners/league/", comparison.partners_league, name="partners_league"),
    path(
        "partners/league/file/<str:ending>/",
        comparison.partners_league_file,
        name="partners_league_file",
    ),
    path("partners/<str:uid>/", partners.partner_detail, name="partner_detail"),
    path("partners/<str:uid>/reveals/", statuses.partner_reveals, name="partner_reveals"),
    path("courses/", courses.courses, name="courses"),
    path("courses/<str:uid>/", courses.course_detail, name="course_detail"),
    path("courses/<str:uid>/attendance/", attendance.attendance, name="attendance"),
    path("courses/<str:uid>/attendance/save/", attendance.attendance_save, name="attendance_save"),
    path(
        "courses/<str:uid>/attendance/reported/",
        attendance.attendance_restore,
        name="attendance_restore",
    ),
    path(
        "courses/<str:uid>/attendance/sessions/",
        attendance.attendance_sessions_add,
        name="attendance_sessions_add",
    ),
    path(
        "courses/<str:uid>/attendance/sessions/remove/",
        attendance.attendance_sessions_remove,
        name="attendance_sessions_remove",
    ),
    path(
        "courses/<str:uid>/attendance/<int:ordinal>/",
        attendance.attendance_session,
        name="attendance_session",
    ),
    path(
        "courses/<str:uid>/attendance/<int:ordinal>/remove/",
        attendance.attendance_session_remove,
        name="attendance_session_remove",
    ),
    path("people/", people.people, name="people"),
    path("people/search/", people.people_search, name="people_search"),
    path("people/<str:uid>/", people.person_detail, name="person_detail"),
    path("login/", account.login, name="login"),
    path("logout/", account.logout, name="logout"),
    path("language/", account.set_language, name="set_language"),
    path("theme/", account.set_theme, name="set_theme"),
]

for prefix, module in (
    ("imports/", "urls_imports"),
    ("press/", "urls_press"),
    ("periods/", "urls_periods"),
    ("audit/", "urls_audit"),
    ("", "urls_privacy"),
    ("", "urls_texts"),
    ("", "urls_promises"),
    ("", "urls_desk"),
    ("", "urls_accounts"),
    ("", "urls_intake"),
):
    if find_spec(f"tafahom.web.{module}"):
        urlpatterns.append(path(prefix, include(f"tafahom.web.{module}")))

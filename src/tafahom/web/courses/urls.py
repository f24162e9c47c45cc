"""Addresses of courses and their registers."""

from django.urls import path

from tafahom.web.courses.views import attendance, courses

urlpatterns = [
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
]

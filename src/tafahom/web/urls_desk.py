"""Addresses of what a person arranges for their own work."""

from django.urls import path

from tafahom.web.views import reminders

urlpatterns = [
    path("attention/reminders/", reminders.reminders, name="reminders"),
    path("attention/reminders/try/", reminders.digest_try, name="digest_try"),
    path("attention/reminders/calendar/", reminders.calendar_make, name="calendar_make"),
    path("attention/reminders/calendar/close/", reminders.calendar_close, name="calendar_close"),
    path("calendar/<str:token>.ics", reminders.calendar_feed, name="calendar_feed"),
]

"""Addresses of the work list, its e-mails and its calendar."""

from django.urls import path

from tafahom.web.work_list.views import reminders, work_list

urlpatterns = [
    path("attention/", work_list.attention, name="attention"),
    path("attention/reminders/", reminders.reminders, name="reminders"),
    path("attention/reminders/try/", reminders.digest_try, name="digest_try"),
    path("attention/reminders/calendar/", reminders.calendar_make, name="calendar_make"),
    path("attention/reminders/calendar/close/", reminders.calendar_close, name="calendar_close"),
    path("calendar/<str:token>.ics", reminders.calendar_feed, name="calendar_feed"),
]

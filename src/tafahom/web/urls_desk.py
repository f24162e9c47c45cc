"""Addresses of what a person arranges for their own work."""

from django.urls import path

from tafahom.web.views import reminders, saved_views

urlpatterns = [
    path("attention/reminders/", reminders.reminders, name="reminders"),
    path("attention/reminders/try/", reminders.digest_try, name="digest_try"),
    path("attention/reminders/calendar/", reminders.calendar_make, name="calendar_make"),
    path("attention/reminders/calendar/close/", reminders.calendar_close, name="calendar_close"),
    path("views/", saved_views.saved_views, name="saved_views"),
    path("views/<str:uid>/", saved_views.saved_view_change, name="saved_view_change"),
    path("views/<str:uid>/remove/", saved_views.saved_view_remove, name="saved_view_remove"),
    path("calendar/<str:token>.ics", reminders.calendar_feed, name="calendar_feed"),
]

"""Addresses of closed months."""

from django.urls import path

from tafahom.web.views import periods

urlpatterns = [
    path("", periods.periods, name="periods"),
    path("<str:province>/<int:month>/", periods.period_detail, name="period_detail"),
    path("<str:province>/<int:month>/begin/", periods.period_begin, name="period_begin"),
    path("<str:province>/<int:month>/leave/", periods.period_leave, name="period_leave"),
    path("<str:province>/<int:month>/close/", periods.period_close, name="period_close"),
    path("<str:province>/<int:month>/reopen/", periods.period_reopen, name="period_reopen"),
    path("reopening/<str:uid>/approve/", periods.reopening_approve, name="reopening_approve"),
    path("reopening/<str:uid>/decline/", periods.reopening_decline, name="reopening_decline"),
    path("reopening/<str:uid>/withdraw/", periods.reopening_withdraw, name="reopening_withdraw"),
    path("reopening/<str:uid>/close/", periods.reopening_close, name="reopening_close"),
]

"""Addresses of closed months."""

from django.urls import path

from tafahom.web.periods import views

urlpatterns = [
    path("periods/", views.periods, name="periods"),
    path("periods/<str:province>/<int:month>/", views.period_detail, name="period_detail"),
    path("periods/<str:province>/<int:month>/begin/", views.period_begin, name="period_begin"),
    path("periods/<str:province>/<int:month>/leave/", views.period_leave, name="period_leave"),
    path("periods/<str:province>/<int:month>/close/", views.period_close, name="period_close"),
    path("periods/<str:province>/<int:month>/reopen/", views.period_reopen, name="period_reopen"),
    path("periods/reopening/<str:uid>/approve/", views.reopening_approve, name="reopening_approve"),
    path("periods/reopening/<str:uid>/decline/", views.reopening_decline, name="reopening_decline"),
    path(
        "periods/reopening/<str:uid>/withdraw/", views.reopening_withdraw, name="reopening_withdraw"
    ),
    path("periods/reopening/<str:uid>/close/", views.reopening_close, name="reopening_close"),
]

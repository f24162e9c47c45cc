"""Addresses of accounts, roles and what two persons decide about them."""

from django.urls import path

from tafahom.web.accounts.views import accounts, requests

urlpatterns = [
    path("accounts/", accounts.account_list, name="accounts"),
    path("accounts/invite/", accounts.account_invite, name="account_invite"),
    path("accounts/<int:number>/", accounts.account_detail, name="account_detail"),
    path("accounts/<int:number>/roles/", accounts.account_role_give, name="account_role_give"),
    path(
        "accounts/<int:number>/roles/<int:membership>/take/",
        accounts.account_role_take,
        name="account_role_take",
    ),
    path("accounts/<int:number>/link/", accounts.account_link, name="account_link"),
    path("accounts/<int:number>/<str:what>/", accounts.account_act, name="account_act"),
    path("access/", requests.access_requests, name="access_requests"),
    path("access/roles/", requests.role_reviews, name="role_reviews"),
    path("access/<str:uid>/", requests.access_request, name="access_request"),
    path("access/<str:uid>/confirm/", requests.access_confirm, name="access_confirm"),
    path("access/<str:uid>/refuse/", requests.access_refuse, name="access_refuse"),
    path("access/<str:uid>/withdraw/", requests.access_withdraw, name="access_withdraw"),
    path("invitation/<str:token>/", accounts.invitation, name="invitation"),
]

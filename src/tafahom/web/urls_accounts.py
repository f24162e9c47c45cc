"""Addresses of accounts and invitations."""

from django.urls import path

from tafahom.web.views import accounts

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
    path("invitation/<str:token>/", accounts.invitation, name="invitation"),
]

"""Addresses of signing in. Their names are those that allauth looks for; no others are open."""

from django.urls import path

from tafahom.web.views import account, oidc, sign_in

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/code/", sign_in.authenticate, name="mfa_authenticate"),
    path("login/<str:provider_id>/begin/", oidc.oidc_begin, name="openid_connect_login"),
    path("login/<str:provider_id>/back/", oidc.oidc_back, name="openid_connect_callback"),
    path("account/", sign_in.index, name="mfa_index"),
    path("account/password/", sign_in.change_password, name="account_change_password"),
    path("account/confirm/", sign_in.confirm_password, name="account_reauthenticate"),
    path("account/confirm/code/", sign_in.confirm_code, name="mfa_reauthenticate"),
    path("account/second-factor/", sign_in.enrol, name="mfa_activate_totp"),
    path("account/second-factor/remove/", sign_in.remove, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", sign_in.codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", sign_in.new_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", sign_in.codes_file, name="mfa_download_recovery_codes"),
]

"""Addresses of signing in. Their names are those that allauth looks for; no others are open."""

from django.urls import path

from tafahom.web.sign_in.views import oidc, proofs, visit

urlpatterns = [
    path("login/", visit.login, name="account_login"),
    path("login/code/", proofs.authenticate, name="mfa_authenticate"),
    path("login/<str:provider_id>/begin/", oidc.oidc_begin, name="openid_connect_login"),
    path("login/<str:provider_id>/back/", oidc.oidc_back, name="openid_connect_callback"),
    path("account/", proofs.index, name="mfa_index"),
    path("account/password/", proofs.change_password, name="account_change_password"),
    path("account/confirm/", proofs.confirm_password, name="account_reauthenticate"),
    path("account/confirm/code/", proofs.confirm_code, name="mfa_reauthenticate"),
    path("account/second-factor/", proofs.enrol, name="mfa_activate_totp"),
    path("account/second-factor/remove/", proofs.remove, name="mfa_deactivate_totp"),
    path("account/recovery-codes/", proofs.codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", proofs.new_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", proofs.codes_file, name="mfa_download_recovery_codes"),
]

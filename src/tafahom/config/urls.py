"""All addresses of the product."""

from django.urls import include, path

urlpatterns = [
    path("", include("tafahom.web.urls")),
    path("", include("tafahom.web.urls_sign_in")),
]

handler400 = "tafahom.web.faults.bad_request"
handler500 = "tafahom.web.faults.server_error"

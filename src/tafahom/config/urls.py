"""All addresses of the product."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from tafahom.config.wings import WINGS

_PAGES: list[URLPattern | URLResolver] = [
    path("", include(f"{wing}.urls")) for wing in WINGS if find_spec(f"{wing}.urls")
]
urlpatterns = [
    path("", include((_PAGES, "web"))),
    path("", include("tafahom.web.sign_in.proof_urls")),
]

handler400 = "tafahom.web.shell.faults.bad_request"
handler500 = "tafahom.web.shell.faults.server_error"

"""Pages for where Django never sees the request: in front of it stand the server and a proxy.

They know nothing of the reader, so each says it in Persian and, below, in English; they ask no
host for anything.
"""

import base64
import hashlib
from http import HTTPStatus

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SENTENCES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        gettext_lazy("Too much was sent at once"),
        gettext_lazy("Send fewer or smaller files; nothing was recorded."),
    ),
    HTTPStatus.REQUEST_URI_TOO_LONG: (
        gettext_lazy("The address is too long"),
        gettext_lazy("Choose fewer things at once on the page that you came from."),
    ),
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE: (
        gettext_lazy("The browser sends too much with each page"),
        gettext_lazy("Delete the cookies of this site in the browser, then log in again."),
    ),
    HTTPStatus.BAD_GATEWAY: (
        gettext_lazy("The service is away for a moment"),
        gettext_lazy("Wait a minute and try again. If it lasts, tell the server administrator."),
    ),
}
STYLE = (
    "body{font:1.05rem/1.9 Vazirmatn,Tahoma,sans-serif;max-inline-size:36rem;margin:12vh auto;"
    "padding-inline:1.5rem;color-scheme:light dark}h1{font-size:1.35rem}"
    "section+section{margin-block-start:2.5rem;padding-block-start:1rem;"
    "border-block-start:1px solid #8888;font-size:.95rem;line-height:1.6}"
)
POLICY = f"default-src 'none'; style-src 'sha256-{base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'"


def plain_page(status: HTTPStatus) -> str:
    """Return the page of a status."""
    title, text = SENTENCES[status]
    parts = []
    for language, direction in (("fa", "rtl"), ("en", "ltr")):
        with translation.override(language):
            parts.append((language, direction, str(title), str(text)))
    with translation.override("fa"):
        product = _("Tafahom")
    context = {"parts": parts, "product": product, "style": STYLE, "policy": POLICY}
    return render_to_string("serving/plain.html", context)


def plain_answer(status: HTTPStatus) -> bytes:
    """Return the whole answer of HTTP, for a connection that is closed then."""
    body = plain_page(status).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n"
        f"Content-Security-Policy: {POLICY}\r\n\r\n"
    )
    return head.encode() + body

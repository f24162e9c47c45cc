"""What a session knows of the visit that it carries."""

import time
from typing import Any, Final

from django.http import HttpRequest

# Names in the session; moments are seconds since the epoch.
BEGUN: Final = "visit_begun"
SEEN: Final = "visit_seen"


def begin(sender: object, request: HttpRequest, user: object, **kwargs: Any) -> None:
    """Note when a visit began: called by whatever logs somebody in."""
    request.session[BEGUN] = request.session[SEEN] = time.time()

"""Where records and lists are shown. Wings say so when they are loaded; floors below only ask."""

from django.urls import reverse

_PAGES: dict[str, str] = {}


def open_at(**pages: str) -> None:
    """Say at which named address each kind of record, or list, is shown ("agreement", "courses").

    The address of a record takes the parts of its key, between slashes, in their order. Raises
    ValueError for what is shown elsewhere already.
    """
    for kind, page in pages.items():
        if _PAGES.setdefault(kind, page) != page:
            raise ValueError(f"“{kind}” is shown at {_PAGES[kind]} already")


def address(kind: str, key: str = "") -> str:
    """Return the address of a record or list in this installation; empty where it has no page."""
    page = _PAGES.get(kind)
    return reverse(page, args=key.split("/") if key else []) if page else ""

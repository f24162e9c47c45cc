"""Pages as tests look at them: what they say and in which tags, not how the source is laid out."""

import re


def compact(html: str) -> str:
    """Return a page without white space beside tags, and with single spaces inside them."""
    html = re.sub(r"\s+", " ", html)
    return re.sub(r"\s*(</?[a-zA-Z!][^<>]*?)\s*(/?>)\s*", r"\1\2", html)

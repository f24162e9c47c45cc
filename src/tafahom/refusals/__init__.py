"""An act that the rules do not allow, and why: one kind of error for all of them."""

from typing import Any


class Refusal(Exception):  # noqa: N818 - the thing's own name, on pages and in docs
    """An act that the rules do not allow; nothing was done.

    ``code`` names the reason and its sentence, which stands in ``messages`` of the app that
    refuses. ``field`` is the input that it is about, empty where it is about the whole. ``params``
    fill the sentence, and tell callers what they need to mend it.
    """

    def __init__(self, code: str, *, field: str = "", **params: Any) -> None:
        super().__init__(code)
        self.code, self.field, self.params = code, field, params

"""What a refusal is in words: each app's ``messages.SENTENCES``, by code, for pages and commands."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeAlias

from django.apps import apps
from django.utils.functional import Promise

from tafahom import localised
from tafahom.refusals import Refusal

# With params of the refusal in braces; a function where that is not enough.
Sentence: TypeAlias = str | Promise | Callable[[Refusal], str]


def sentence(refusal: Refusal) -> str:
    """Return why something was not done, and what to do, in the reader's language.

    Numbers and days among the params are in the digits of the language. Raises KeyError for a
    code without a sentence.
    """
    said = _sentences()[refusal.code]
    if callable(said):
        return said(refusal)
    return str(said).format(**{name: _words(value) for name, value in refusal.params.items()})


@cache
def _sentences() -> Mapping[str, Sentence]:
    """Return the sentences of all apps. Raises ValueError where two say different things of a code."""
    found: dict[str, Sentence] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.messages"
        if not config.name.startswith("tafahom.") or not find_spec(name):
            continue
        for code, said in getattr(import_module(name), "SENTENCES", {}).items():
            if found.setdefault(code, said) != said:
                raise ValueError(f"{code} has two sentences")
    return found


def _words(value: Any) -> Any:
    if isinstance(value, dt.date):
        return localised.day(value)
    if isinstance(value, int | float):
        return localised.number(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "، ".join(f"\u2068{one}\u2069" for one in value)
    return value

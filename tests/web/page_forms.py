"""The forms of a page as a browser without JavaScript sees them, and what it would send."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

# What is sent: names with one value or several, as Django's test client takes it.
Sent = dict[str, Any]
# The test client does not need it, and it is another one on each page.
TOKEN = "csrfmiddlewaretoken"
NOT_FIELDS = ("button", "image", "reset")


@dataclass
class Field:
    """One control; ``options`` are the values of a list or of radio buttons."""

    name: str
    kind: str
    value: str = ""
    is_sent: bool = True
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """A form that is posted to ``action``, empty for the page's own address."""

    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def data(self, changed: Mapping[str, Any] | None = None) -> Sent:
        """Return what is sent as the form stands, but for what was changed (None: left out)."""
        sent: dict[str, Any] = {}
        for one in self.fields:
            if one.is_sent and one.kind != "file":
                sent.setdefault(one.name, []).append(one.value)
        sent |= changed or {}
        return {name: value for name, value in sent.items() if value is not None}

    def pressed(self, typed: Mapping[str, Any]) -> Iterator[Sent]:
        """Give what is sent by each button, with the empty fields filled in.

        ``typed`` says what is written into fields of a name (or of all names that begin so, when
        it ends in a star).
        """
        filled = self._filled(typed)
        for name, value in self.buttons or [("", "")]:
            yield self.data(filled | ({name: value} if name else {}))

    def changed(self, typed: Mapping[str, Any]) -> Iterator[Sent]:
        """Give what is sent when one field of the filled form is changed, for each in turn."""
        filled = self._filled(typed)
        for one in self.fields:
            if one.kind != "hidden":
                for value in _others(one, _told(one.name, typed)):
                    yield self.data(filled | {one.name: value})

    def _filled(self, typed: Mapping[str, Any]) -> Sent:
        told = {one.name: _told(one.name, typed) for one in self.fields}
        empty = [one.name for one in self.fields if not (one.value and one.is_sent)]
        return {name: told[name] for name in empty if told[name] is not None}


def _told(name: str, typed: Mapping[str, Any]) -> Any:
    starting = (one for one in typed if one.endswith("*") and name.startswith(one[:-1]))
    return typed.get(name if name in typed else next(starting, ""))


def _others(one: Field, typed: Any) -> Iterator[Any]:
    """Give other values of a field, as somebody may choose or type them."""
    if one.kind == "checkbox":
        yield None if one.is_sent else one.value
    elif one.options:
        others = [value for value in one.options if value != one.value]
        yield from dict.fromkeys([*others[:1], *others[-1:]])
    elif one.value and one.kind != "file":
        if typed not in (None, one.value):
            yield typed
        is_number = re.search(r"[\d۰-۹]$", one.value)
        yield re.sub(r"[\d۰-۹]+$", _next, one.value) if is_number else f"{one.value} دیگر"
        yield ""
    elif typed is None and one.kind != "file":
        yield "۲"


def _next(found: re.Match[str]) -> str:
    """Return the next number, with as many digits; a day or month stays one."""
    number = int(found[0])
    return f"{number - 1 if number >= 12 else number + 1:0{len(found[0])}}"


def forms_of(html: str) -> list[Form]:
    """Return the forms of a page that are posted."""
    reader = _Reader()
    reader.feed(html)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        # The form as those buttons send it that send it to another address.
        self._elsewhere: list[Form] = []
        self._list: Field | None = None
        self._text: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of forms and their controls."""
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_posted = of.get("method", "").lower() == "post"
            self._form = Form(of.get("action", "").partition("#")[0]) if is_posted else None
            if self._form:
                self.forms.append(self._form)
        if self._form is None:
            return
        name = of.get("name", "")
        if tag == "button" and "formaction" in of:
            self._elsewhere.append(Form(of["formaction"], self._form.fields))
        elif tag == "button":
            self._form.buttons.append((name, of.get("value", "")))
        elif tag == "select" and name:
            self._list = Field(name, "select", is_sent=False)
            self._form.fields.append(self._list)
        elif tag == "option" and self._list is not None:
            self._list.options.append(of.get("value", ""))
            if "selected" in of or not self._list.is_sent:
                self._list.value, self._list.is_sent = of.get("value", ""), True
        elif tag == "textarea" and name:
            self._text = Field(name, "textarea")
            self._form.fields.append(self._text)
        elif tag == "input" and name not in ("", TOKEN) and of.get("type") not in NOT_FIELDS:
            self._add(self._form, name, of)

    def _add(self, form: Form, name: str, of: Mapping[str, str]) -> None:
        kind = of.get("type", "text")
        if kind == "submit":
            form.buttons.append((name, of.get("value", "")))
            return
        is_box = kind in ("checkbox", "radio")
        value = of.get("value", "on" if is_box else "")
        if kind == "radio":
            for one in form.fields:
                if one.name == name and one.kind == "radio":
                    one.options.append(value)
                    if "checked" in of:
                        one.value, one.is_sent = value, True
                    return
        is_sent = not is_box or "checked" in of
        options = [value] if kind == "radio" else []
        form.fields.append(Field(name, kind, value, is_sent, options))

    def handle_endtag(self, tag: str) -> None:
        """Leave what ends."""
        if tag == "form" and self._form:
            if self._elsewhere and not self._form.buttons:  # nothing sends it where it says
                self.forms.remove(self._form)
            self.forms += self._elsewhere
            self._form, self._elsewhere = None, []
        elif tag == "select":
            self._list = None
        elif tag == "textarea":
            self._text = None

    def handle_data(self, data: str) -> None:
        """Keep the text of a text area."""
        if self._text is not None:
            self._text.value += data

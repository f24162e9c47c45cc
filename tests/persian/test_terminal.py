"""What somebody else wrote does not steer a terminal."""

import io
import json

import pytest

from tafahom.persian.terminal import VisibleText, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;owned\x07.xlsx", "\\u001b]0;owned\\u0007.xlsx"),
        ("a\rb", "a\\u000db"),
        ("\x9b31m", "\\u009b31m"),
        ("roster\u202excod.exe", "roster\\u202excod.exe"),
        ("line\u2028break", "line\\u2028break"),
        ("\x7f\x00", "\\u007f\\u0000"),
    ],
)
def test_what_steers_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["شهرک\u200cهای", "۱۲\u200f٪", "a\tb\n", "a\r\nb\r\n"])
def test_what_text_needs_stays(text: str) -> None:
    assert visible(text) == text


def test_json_stays_the_same_json() -> None:
    stream = io.StringIO()
    told = {"file": "\x9b31m\u202e\x1b.csv"}
    VisibleText(stream).write(json.dumps(told, ensure_ascii=False))
    assert json.loads(stream.getvalue()) == told
    assert "\x9b" not in stream.getvalue()

"""Refusals: each that is raised has a sentence, in both languages."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django import forms
from django.utils import translation

import tafahom
from tafahom.refusals import Refusal
from tafahom.refusals.sentences import _sentences, sentence
from tafahom.web.shell.forms import refuse

pytestmark = pytest.mark.once
SOURCE = Path(tafahom.__file__).parent


def codes() -> Iterator[tuple[str, str]]:
    """Yield module and code of each refusal that the source names."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_refusal = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal"
            if is_refusal and node.args and isinstance(node.args[0], ast.Constant):
                yield str(path.relative_to(SOURCE)), node.args[0].value


def test_each_refusal_has_a_sentence() -> None:
    found = list(codes())
    assert len(found) > 80
    assert [one for one in found if one[1] not in _sentences()] == []


@pytest.mark.parametrize(
    ("refusal", "persian", "english"),
    [
        (
            Refusal(
                "session.outside_course", first=dt.date(2018, 12, 26), last=dt.date(2019, 1, 5)
            ),
            "۱۳۹۷/۱۰/۰۵",
            "1397/10/05",
        ),
        (Refusal("minutes.beyond_planned", hours=37.5), "۳۷٫۵", "37.5"),
        (Refusal("view.many", n=1050), "۱٬۰۵۰", "1,050"),
        (Refusal("slices.too_much", promised=900, parts=1000), "۱۰۰", "100"),
        (Refusal("placeholder.unknown", names=["a", "b"]), "\u2068a\u2069، \u2068b\u2069", "a"),
        (Refusal("period.closed", months=(139709,)), "آذر", "1397-09"),
    ],
    ids=lambda value: getattr(value, "code", ""),
)
def test_what_a_refusal_tells_is_in_the_words_of_the_reader(refusal, persian, english) -> None:
    for language, told in (("fa", persian), ("en", english)):
        with translation.override(language):
            assert told in sentence(refusal)


def test_a_code_without_a_sentence_is_a_fault_of_ours() -> None:
    with pytest.raises(KeyError):
        sentence(Refusal("nobody.wrote_it"))


class NumberForm(forms.Form):
    number = forms.CharField()


@pytest.mark.parametrize(
    ("field", "place"), [("number", "number"), ("ends_on", "__all__"), ("", "__all__")]
)
def test_a_form_says_it_at_the_field_where_it_has_it(field: str, place: str) -> None:
    form = NumberForm({"number": "1/97"})
    assert form.is_valid()
    refuse(form, Refusal("number.taken", field=field))
    assert list(form.errors) == [place]

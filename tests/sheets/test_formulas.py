"""What a spreadsheet may run, whatever its signs look like and whatever nobody sees before them."""

import pytest

from tafahom.sheets.formulas import neutralised, runs_in_a_sheet

UNSEEN = ("", " ", "\u200b", "\u200e", "\u200f", "\ufeff", "\u202e", "\u2066", "\u00a0", "\x00")


@pytest.mark.parametrize(
    "sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫"]
)
@pytest.mark.parametrize("before", UNSEEN)
def test_signs_of_any_width_run_behind_anything_unseen(sign: str, before: str) -> None:
    text = f"{before}{sign}cmd|' /C calc'!A0"
    assert runs_in_a_sheet(text)
    assert neutralised(text) == f"'{text}"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_what_moves_the_cell_runs(start: str) -> None:
    assert runs_in_a_sheet(f"{start}متن")


@pytest.mark.parametrize(
    "text", ["", " ", "\u200f", "مریم", "\u200fمریم", "12", "a=b", "۱−۲", "«=»"]
)
def test_text_stays_as_it_is(text: str) -> None:
    assert not runs_in_a_sheet(text)
    assert neutralised(text) == text

"""What is checked before a release leaves: every number in it is a figure."""

import re
from collections.abc import Iterable

from tafahom.jalali import Period
from tafahom.persian import to_ascii_digits

_NUMBER = re.compile(r"\d[\d٬]*(?:٫\d+)?")


def strange_numbers(
    sentences: Iterable[str], figures: Iterable[int | float | None], period: Period
) -> list[str]:
    """Return the numbers of the sentences that are neither figures nor years of the period."""
    known = {round(float(number), 2) for number in figures if number is not None}
    known |= {period.year, period.year - 1}
    return [
        written
        for sentence in sentences
        for written in _NUMBER.findall(sentence)
        if round(_value(written), 2) not in known
    ]


def _value(written: str) -> float:
    return float(to_ascii_digits(written).replace("٬", "").replace("٫", "."))

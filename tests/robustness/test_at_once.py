"""Rosters come in from several hands while figures are read and months closed: nothing is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from robustness.installation import Hands, Installation
from robustness.test_kills import found_an_office
from roster_files import line, write_roster

SENDERS, READERS, FILES, ROWS = 2, 2, 6, 10


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    found_an_office(made)
    yield made
    made.close()


def write_files(folder: Path, sender: int) -> Path:
    """Rosters whose standards, centres and courses nobody knows yet; some both senders have."""
    folder.mkdir()
    for number in range(FILES):
        rows = [
            line(
                (sender * FILES + number) * ROWS + at,
                **{
                    "کد دوره": f"1397{sender}{number}{at:02}",
                    "کد استاندارد": f"7212202{number:02}30{at:02}{sender * (at % 2)}",
                    "عنوان دوره": f"استاندارد تازه {number} {at} {sender * (at % 2)}",
                    "نام مرکز": f"مرکز تازه {number} {sender * (at % 2)}",
                },
            )
            for at in range(ROWS)
        ]
        write_roster(folder / f"{sender}-{number}.csv", *rows)
    return folder


class Crowd:
    """Processes that are there before any begins, so that all work at the same time."""

    def __init__(self, office: Installation) -> None:
        self._office = office
        self._hands: list[Hands] = []
        self._begun: list[Hands] = []

    def come(self, count: int) -> None:
        """Let so many processes come; each has had the database in its hands."""
        self._hands = [Hands(self._office.environment) for _ in range(count)]
        for each in self._hands:
            each.start(work="faults")
            each.end()

    def begin(self, work: str, **arguments: object) -> Hands:
        """Let the next of them begin with something."""
        each = self._hands[len(self._begun)]
        self._begun.append(each)
        each.start(work=work, **{"with": arguments})
        return each

    def leave(self) -> None:
        for each in self._hands:
            each.close()


@pytest.fixture
def crowd(office: Installation) -> Iterator[Crowd]:
    made = Crowd(office)
    yield made
    made.leave()


def answers(*hands: Hands) -> list[Any]:
    """What they answered; none of them ended with an error."""
    ends = [each.end() for each in hands]
    assert [end["status"] for end in ends] == [0] * len(hands)
    return [end["answer"] for end in ends]


def begin_sending(office: Installation, crowd: Crowd) -> list[Hands]:
    """Let the senders begin, each with files of its own."""
    folders = [write_files(office.folder / str(number), number) for number in range(SENDERS)]
    return [crowd.begin("send_each", folder=str(folder)) for folder in folders]


def test_imports_with_new_standards_beside_readers(office: Installation, crowd: Crowd) -> None:
    crowd.come(SENDERS + READERS)
    over = office.folder / "over"
    readers = [crowd.begin("read_until", file=str(over), year=1397) for _ in range(READERS)]
    sent = answers(*begin_sending(office, crowd))
    over.touch()
    assert sent == [FILES * ROWS] * SENDERS
    for counts in answers(*readers):
        assert counts == sorted(counts), "somebody was counted, and then not"
        assert len(counts) > 2, "nobody read while rosters came in"
    whole = SENDERS * FILES * ROWS
    assert office.work("persons", year=1397) == whole
    seen = office.work("look")
    assert seen["faults"] == []
    assert seen["enrolments"] == whole
    # What both senders brought is there once.
    assert office.work("standards") == FILES * (ROWS // 2 + ROWS)


def test_a_month_is_closed_while_rosters_come_in(office: Installation, crowd: Crowd) -> None:
    """What came before is in its figures, what comes after is sent back: nothing in between."""
    crowd.come(SENDERS + 1)
    closer = crowd.begin("close", month=139703, when=ROWS)
    sent = answers(*begin_sending(office, crowd))
    [minutes] = answers(closer)
    accepted = sum(sent)
    assert ROWS <= accepted < SENDERS * FILES * ROWS
    assert minutes == accepted * 100 * 60
    assert office.work("persons", year=1397) == accepted
    assert office.work("moved") == []
    seen = office.work("look")
    assert seen["faults"] == []
    assert seen["enrolments"] == accepted

"""Two clerks fill in one register while rosters come in and are taken back: no mark is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from robustness.installation import Hands, Installation
from robustness.test_kills import PEOPLE, SESSIONS, found_an_office
from roster_files import line, write_roster

CODE = "13970001"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Installation]:
    """A course with its people and sessions, and no mark."""
    made = Installation(tmp_path)
    found_an_office(made)
    people = [line(at, **{"کد دوره": CODE}) for at in range(PEOPLE)]
    made.command("roster", "import", write_roster(tmp_path / "0.csv", *people))
    made.work("prepare", course_code=CODE, sessions=SESSIONS)
    yield made
    made.close()


def test_two_at_once_lose_nothing(office: Installation) -> None:
    others = [Hands(office.environment) for _ in range(2)]
    for hands in others:  # both are there before either begins
        hands.start(work="latest")
        hands.end()
    more = [line(500 + at, **{"کد دوره": CODE}) for at in range(PEOPLE)]
    roster = write_roster(office.folder / "1.csv", *more)
    for seed, (hands, mark) in enumerate(zip(others, ("present", "absent"), strict=True)):
        hands.start(work="scribble", **{"with": {"course_code": CODE, "mark": mark, "seed": seed}})
    for _ in range(2):
        office.command("roster", "import", roster)
        office.command("roster", "undo", office.work("latest"))
    ends = [hands.end() for hands in others]
    for hands in others:
        hands.close()
    assert [end["status"] for end in ends] == [0, 0]
    (hers, not_hers), (his, not_his) = (end["answer"] for end in ends)
    assert hers + not_hers == his + not_his == hers + his
    marks = office.work("marks", course_code=CODE)
    assert marks == {"present": hers, "absent": his}
    assert hers > 0
    assert his > 0
    seen = office.work("look")
    assert seen["faults"] == []

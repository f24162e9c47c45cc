"""What rosters report of results, held against the verdict of the marks: told, never taken over."""

from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from tafahom.persian import normal_key
from tafahom.registries.words import word_file
from tafahom.training.examinations.rules import passed, rule_on
from tafahom.training.models import PassRule
from tafahom.training.rosters.rules import Problem, RosterEntry

WORDS = Path(__file__).with_name("results.toml")
RESULT = "نتیجه"
CERTIFICATE = "شماره گواهینامه"


@cache
def reported_verdict(text: str) -> bool | None:
    """Return whether a result says that somebody passed; None where it says neither."""
    key = normal_key(text)
    for verdict, spellings in word_file(WORDS)["results"].items():
        if key in map(normal_key, spellings):
            return bool(verdict == "passed")
    return None


class Doubts:
    """Looks at rows whose result or certificate is not what their marks give."""

    def __init__(self, rules: Sequence[PassRule]) -> None:
        self._rule_of = cache(partial(rule_on, rules))
        self._found: dict[tuple[str, str], list[RosterEntry]] = {}

    def look_at(self, entry: RosterEntry) -> None:
        """Note a row that says something else than its marks."""
        said = reported_verdict(entry.result) if entry.result else None
        if said is None and not entry.certificate_number:
            return
        rule = self._rule_of(entry.course.ends_on)
        has_passed = rule is not None and passed(entry.written_mark, entry.practical_mark, rule)
        if said is not None and said != has_passed:
            self._found.setdefault((entry.sheet, RESULT), []).append(entry)
        elif entry.certificate_number and not has_passed:
            self._found.setdefault((entry.sheet, CERTIFICATE), []).append(entry)

    def warnings(self) -> list[Problem]:
        """One warning a sheet and column, at the first of its rows, with how many there are."""
        return [
            Problem(
                "result.disagrees",
                sheet,
                entries[0].row,
                column,
                entries[0].result if column == RESULT else entries[0].certificate_number,
                (("count", str(len(entries))),),
            )
            for (sheet, column), entries in self._found.items()
        ]

"""Reads of rosters; above all, judging one against what is recorded."""

from collections.abc import Collection, Sequence

from tafahom.scoping import EVERYTHING, Scope
from tafahom.training.courses.groups import GroupWords
from tafahom.training.models import Enrolment, RosterImport
from tafahom.training.rosters.judging import Judge, Judgement, Seen, SourcePlace
from tafahom.training.rosters.replaceable import replaced_places
from tafahom.training.rosters.rules import RosterEntry


def live_import(sha256: str) -> RosterImport | None:
    """The import of this very file that has not been undone; None when there is none."""
    return RosterImport.objects.filter(sha256=sha256, undone_at__isnull=True).first()


def import_names(uids: Collection[str]) -> dict[str, str]:
    """Return the names of the files of imports by uid."""
    return dict(RosterImport.objects.filter(uid__in=uids).values_list("uid", "file_name"))


def recorded_rows(roster_import: RosterImport) -> set[SourcePlace]:
    """Sheet, row and first column of the table of what an import recorded.

    Rows that others have replaced since are among them: they were recorded, and may come back.
    """
    rows = Enrolment.objects.filter(roster_import=roster_import, source_row__isnull=False)
    places = rows.values_list("source_sheet", "source_row", "source_column")
    return {(sheet, row or 0, column) for sheet, row, column in places} | replaced_places(
        roster_import
    )


def judge_roster(
    entries: Sequence[RosterEntry],
    *,
    sha256: str,
    pending: Seen | None = None,
    within: Scope = EVERYTHING,
    words: GroupWords | None = None,
    replace: bool = False,
) -> Judgement:
    """Judge rows against registries, each other and the database, writing nothing.

    Rows recorded from a live import of the same file count as ``already``. ``pending`` is a
    dict, empty at first, that carries what was accepted from file to file when none is recorded.
    Rows of courses outside ``within`` are refused: they are not for the sender to record.
    ``words`` are what words for groups mean, with what was answered for this roster. With
    ``replace`` rows are accepted that say something else than what is recorded of their person.
    """
    recorded = live_import(sha256)
    done = recorded_rows(recorded) if recorded else set()
    seen: Seen = {} if pending is None else pending
    return Judge(entries, seen=seen, done=done, within=within, words=words, replace=replace).judge()

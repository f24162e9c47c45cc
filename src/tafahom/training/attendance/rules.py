"""What a mark of a register credits."""


def credited_minutes(
    mark: str, session_minutes: int, *, late_counts_whole: bool = True, late_minutes: int = 0
) -> int:
    """Minutes of a session that a mark of the register credits.

    Present counts whole; absent and excused count nothing. Late counts as the office has set:
    whole, or less the minutes missed.
    """
    if mark == "present" or (mark == "late" and late_counts_whole):
        return session_minutes
    if mark == "late":
        return max(0, session_minutes - late_minutes)
    return 0


def register_minutes(mark: str, session_minutes: int, *, late_counts_whole: bool) -> int:
    """Minutes that a mark credits where nobody wrote how late: half the session, rounded down.

    Where the office counts late whole (its setting), late is as good as present.
    """
    return credited_minutes(
        mark,
        session_minutes,
        late_counts_whole=late_counts_whole,
        late_minutes=(session_minutes + 1) // 2,
    )

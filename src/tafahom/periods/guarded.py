"""What of closings themselves stays as it is: rows that would undo them if they could change.

What closed months hold fast besides, each kind of record says itself (``records.closed_months``).
"""

from tafahom.records import guarded_tables

# Rows that must stay as they are, or the closing itself could be undone.
_APPROVED = (
    "OLD.approved_at IS NOT NULL AND (NEW.until <> OLD.until OR NEW.period_id <> OLD.period_id"
    " OR NEW.asked_by_id <> OLD.asked_by_id OR NEW.approved_by_id IS NULL"
    " OR NEW.approved_by_id <> OLD.approved_by_id)"
)
_OVER = "OLD.closed_at IS NOT NULL OR OLD.declined_at IS NOT NULL"
KEPT = (
    ("periods_period", "UPDATE", "OLD.state = 'closed'"),
    ("periods_period", "DELETE", "OLD.state = 'closed'"),
    ("periods_reopening", "UPDATE", f"{_OVER} OR ({_APPROVED})"),
    ("periods_reopening", "DELETE", "OLD.approved_at IS NOT NULL"),
    ("periods_periodstep", "UPDATE", "TRUE"),
    ("periods_periodstep", "DELETE", "TRUE"),
    ("periods_adjustment", "UPDATE", "TRUE"),
    ("periods_adjustment", "DELETE", "TRUE"),
    ("periods_monthtable", "UPDATE", "TRUE"),
    ("periods_monthtable", "DELETE", "TRUE"),
    ("periods_monthtablerow", "UPDATE", "TRUE"),
    ("periods_monthtablerow", "DELETE", "TRUE"),
)


def tables() -> set[str]:
    """Return every table that closed months hold fast, or rows of it."""
    return {guard.table for guard in guarded_tables()} | {table for table, _event, _when in KEPT}

"""States of a request by one person that another decides."""

import datetime as dt
from enum import StrEnum
from typing import Final

# After this nobody may confirm a request any more: what was asked then may be wrong now.
TIME_TO_DECIDE: Final = dt.timedelta(days=7)
LONGEST_REASON: Final = 500
LONGEST_OPERATOR: Final = 60


class RequestState(StrEnum):
    """Where a request is. All but the first are ends."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"

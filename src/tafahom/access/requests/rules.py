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


class RequestError(Exception):
    """A request can not be made or decided so; ``code`` says why.

    "own": who asked does not decide. "about_you": nor does whose account it is about. "right":
    one may not decide this. "asker": who asked may not ask for it any more. "others": an account
    that may decide can do so on its page. "not_yours": only who asked takes it back. "state": it
    does not wait any more. "open": the same waits already.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

"""Too many failures lock an account, or an address, for a while: each by its own count."""

import ipaddress
from collections.abc import Mapping
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from tafahom.access.accounts.actions import name_mark, record_failure, record_lock_out
from tafahom.access.accounts.rules import ACCOUNT_FAILURES, ADDRESS_FAILURES
from tafahom.access.models import User
from tafahom.gate.limits import client_address


def account_key(request: HttpRequest, credentials: Mapping[str, Any] | None) -> str:
    """Return what failures of a typed name are counted under, whether it exists or not."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return name_mark(str(typed))


def address_key(request: HttpRequest) -> str | None:
    """Return the address that failures are counted under; None when the proxy sent nonsense."""
    try:
        return str(ipaddress.ip_address(client_address(request)))
    except ValueError:
        return None


class LockOut(AxesDatabaseHandler):  # type: ignore[misc]  # axes has no types
    """Counts in the database, so for all processes together; keeps no name and no form."""

    def get_failures(
        self, request: HttpRequest, credentials: Mapping[str, Any] | None = None
    ) -> int:
        """Return failures on the scale of an account: an address has its own, longer one."""
        of_account, of_address = (
            _count(attempts) for attempts in self.get_user_attempts(request, credentials)
        )
        return max(of_account, of_address * ACCOUNT_FAILURES // ADDRESS_FAILURES)

    def reset_user_attempts(
        self, request: HttpRequest, credentials: Mapping[str, Any] | None = None
    ) -> int:
        """Forget the failures of the account that came in; those of its address stay."""
        return int(self.reset_attempts(username=account_key(request, credentials)))

    def user_login_failed(
        self,
        sender: object,
        credentials: Mapping[str, Any],
        request: HttpRequest | None = None,
        **kwargs: Any,
    ) -> None:
        """Count and record a failure, and a lock-out at the moment it begins."""
        if request is None:
            return
        was_locked = request.axes_locked_out  # type: ignore[attr-defined]  # set by axes
        super().user_login_failed(sender, dict(credentials), request, **kwargs)
        if was_locked:
            return
        name = str(credentials.get("username", ""))
        record_failure(name=name, step=str(credentials.get("step", "password")))
        if request.axes_locked_out:  # type: ignore[attr-defined]  # as above
            record_lock_out(name=name)


def _count(attempts: QuerySet[Any]) -> int:
    return attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def is_locked(request: HttpRequest, user: User) -> bool:
    """Whether an account, or where it is tried from, must wait; the answer is then a lock-out."""
    locked = not AxesProxyHandler.is_allowed(request, {"username": user.username})
    if locked:
        request.axes_locked_out = True  # type: ignore[attr-defined]  # read by its middleware
    return locked


def count_failure(request: HttpRequest, user: User, *, step: str) -> None:
    """Count a wrong second proof as a wrong password counts."""
    user_login_failed.send(
        sender=__name__, credentials={"username": user.username, "step": step}, request=request
    )

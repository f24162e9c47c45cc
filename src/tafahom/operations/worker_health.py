"""Whether the worker lives, and what keeps it running."""

import fcntl
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from tafahom.jobs.watch import KEEPER, LOCK, WORKER, Beat, last_beat


def trouble() -> str | None:
    """Return what is the matter, in a sentence; None where a worker lives or none is needed.

    A worker that was never started matters in production only: elsewhere commands may do.
    """
    keeper, worker = last_beat(KEEPER), last_beat(WORKER)
    if keeper is None or worker is None:
        never = _("No worker was ever started here: “tafahom serve” or “tafahom work” starts one.")
        return never if settings.PRODUCTION else None
    if not _is_held():
        if keeper.is_stopped:
            return _("The worker was stopped: start the service again.")
        return _("The worker has died, and what keeps it running too: start the service again.")
    if keeper.is_overdue:
        return _("What keeps the worker running has died: restart the service.")
    return _silent(worker) if worker.is_overdue else None


def _silent(worker: Beat) -> str:
    minutes = int((time.time() - (worker.busy_since or worker.at)) // 60)
    return _("The worker gives no sign of life for %s minutes: restart the service.") % minutes


def _is_held() -> bool:
    """Whether any process holds the lock of the worker: it does as long as it lives."""
    try:
        lock = (Path(settings.DATA_DIR) / LOCK).open("rb")
    except FileNotFoundError:
        return False
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False

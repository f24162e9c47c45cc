"""Work on files from anybody in a process of its own, with limits of memory and time."""

import dataclasses
import datetime as dt
import importlib
import io
import pickle
import subprocess
import sys
from typing import Any

MEMORY = 480 * 1024 * 1024
SECONDS = 25
_DATES = {name: getattr(dt, name) for name in ("date", "datetime", "time", "timedelta")}


class LimitError(Exception):
    """The work took more memory or time than it may, or the file brought its process down."""


class ChildFailedError(Exception):
    """The work raised an error of its own: a fault of ours, with the trace as the message."""


def run_isolated(
    module: str, function: str, *arguments: object, memory: int = MEMORY, seconds: int = SECONDS
) -> Any:
    """Run ``module.function(*arguments)`` in a child and return what it returns.

    Arguments and answer are plain values, dates or dataclasses of ours. Raises LimitError or
    ChildFailedError.
    """
    command = [sys.executable, "-m", "tafahom.sheets.child", module, function]
    try:
        done = subprocess.run(
            [*command, str(memory), str(seconds)],
            input=pickle.dumps(arguments),
            capture_output=True,
            timeout=seconds + 3,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise LimitError("time") from error
    if done.returncode:
        trace = done.stderr.decode(errors="replace")[-4000:]
        is_limit = done.returncode < 0 or "MemoryError" in trace or "memory allocation" in trace
        raise LimitError(trace) if is_limit else ChildFailedError(trace)
    return _Unpickler(io.BytesIO(done.stdout)).load()


class _Unpickler(pickle.Unpickler):
    """Takes only dates and our dataclasses: a child that was taken over can not make us run code."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in _DATES:
            return _DATES[name]
        if module.startswith("tafahom."):
            found = getattr(importlib.import_module(module), name)
            if isinstance(found, type) and dataclasses.is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is not taken from a child")

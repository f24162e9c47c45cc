"""Work on files from anybody in a process of its own, with limits of memory and time."""

import contextlib
import dataclasses
import datetime as dt
import importlib
import io
import os
import pickle
import socket
import subprocess
import sys
import threading
from typing import Any

from tafahom.sheets import child

MEMORY = 480 * 1024 * 1024
SECONDS = 25
_DATES = {name: getattr(dt, name) for name in ("date", "datetime", "time", "timedelta")}
_OURS = "TAFAHOM_"
_COMMAND = [sys.executable, "-m", "tafahom.sheets.child"]


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
    # Settings may have changed since the warm process began.
    ours = {name: value for name, value in os.environ.items() if name.startswith(_OURS)}
    request = pickle.dumps((module, function, arguments, memory, seconds, ours))
    ask = _ask_warm if hasattr(os, "fork") else _ask_new
    answer = ask(module, request, seconds)
    kind, body = answer[:1], answer[1:]
    if kind == child.DONE:
        return load_answer(body)
    if kind == child.FAILED:
        raise ChildFailedError(body.decode(errors="replace"))
    raise LimitError("memory" if kind == child.TOO_MUCH else "time, or the process died")


class _Warm:
    """The warm process of this process: started when first needed, again when it is gone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._owner = 0
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def fork(self, module: str, ends: tuple[int, int]) -> None:
        """Have a child forked with these ends of pipes."""
        name = module.encode().ljust(child.NAME_BYTES, b"\0")
        with self._lock:
            try:
                socket.send_fds(self._connect(), [name], ends)
            except OSError:
                self._line = None
                socket.send_fds(self._connect(), [name], ends)

    def _connect(self) -> socket.socket:
        # A process that was forked from this one must not speak on its parent's line.
        if self._line is None or self._owner != os.getpid():
            if self._process and self._owner == os.getpid():
                self._process.poll()  # what is gone leaves no trace among the processes
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = subprocess.Popen(
                    [*_COMMAND, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            self._line, self._owner = ours, os.getpid()
        return self._line


_warm = _Warm()


def _ask_warm(module: str, request: bytes, seconds: int) -> bytes:
    """Ask a child of the warm process. It ends itself when its time is over."""
    request_out, request_in = os.pipe()
    answer_out, answer_in = os.pipe()
    with os.fdopen(request_in, "wb") as question, os.fdopen(answer_out, "rb") as answer:
        try:
            _warm.fork(module, (request_out, answer_in))
        finally:
            os.close(request_out)
            os.close(answer_in)
        with contextlib.suppress(BrokenPipeError):  # a child that died has no answer either
            question.write(request)
            question.close()
        return answer.read()


def _ask_new(module: str, request: bytes, seconds: int) -> bytes:
    """Ask a process that is started for this alone."""
    try:
        done = subprocess.run(
            _COMMAND,
            input=request,
            capture_output=True,
            timeout=seconds + 2 * child.GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout


def load_answer(body: bytes) -> Any:
    """Return what a child's answer holds. Raises pickle.UnpicklingError for anything else."""
    return _Unpickler(io.BytesIO(body)).load()


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

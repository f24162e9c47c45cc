"""The other side of ``isolation``: a warm process that forks a child for each piece of work.

Starting Python and loading what reads a file takes longer than reading a small file. So one
process loads it once; each file still gets a process of its own, with limits of its own, and what
a file does to its process it does to no other. Started as ``python -m tafahom.sheets.child FD``
(or without FD, where a system can not fork, for one piece of work).
"""

import gc
import importlib
import os
import pickle
import signal
import socket
import sys
import traceback
from typing import Any, BinaryIO

try:
    import resource
except ImportError:  # not on Windows; there the clock of the parent is the only limit
    resource = None  # type: ignore[assignment]

NAME_BYTES = 128
GRACE = 3  # seconds of the clock beyond those of the processor
LOOK_AROUND = 20.0
DONE, FAILED, TOO_MUCH = b"D", b"F", b"L"


def main() -> None:
    """Serve the parent until it is gone, or do one piece of work from standard input."""
    if len(sys.argv) > 1:
        serve(socket.socket(fileno=int(sys.argv[1])))
        return
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as out:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not spoil the answer
        work(sys.stdin.buffer, out)


def serve(parent: socket.socket) -> None:
    """Fork a child for each message: the name of a module, and two ends of pipes."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children are not waited for: no zombies
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to answer
    parent.settimeout(LOOK_AROUND)
    owner = os.getppid()
    while os.getppid() == owner:
        try:
            message, ends, _flags, _address = socket.recv_fds(parent, NAME_BYTES, 2)
        except TimeoutError:
            continue
        if len(ends) != 2:
            return  # the parent has closed its side
        _load(message.rstrip(b"\0").decode())
        if os.fork() == 0:
            parent.close()
            with os.fdopen(ends[0], "rb") as request, os.fdopen(ends[1], "wb") as answer:
                work(request, answer)
            os._exit(0)  # the system takes the memory back faster than we could
        for end in ends:
            os.close(end)


def _load(module: str) -> None:
    """Have the module at hand before children need it; what is wrong with it they will say."""
    if module not in sys.modules:
        try:
            importlib.import_module(module)
        except Exception:
            return
        gc.collect()
        gc.freeze()


def work(request: BinaryIO, answer: BinaryIO) -> None:
    """Do what is asked, within its limits, and answer."""
    # From our own parent, who is trusted; the parent does not trust what comes back.
    module, function, arguments, memory, seconds, environment = pickle.load(request)  # nosec B301
    os.environ.update(environment)
    limit(memory, seconds)
    gc.disable()  # a short life, with nothing in it that refers to itself
    try:
        done: Any = getattr(importlib.import_module(module), function)(*arguments)
        kind, body = DONE, pickle.dumps(done, protocol=pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        kind, body = TOO_MUCH, b""
    except Exception:
        kind, body = FAILED, traceback.format_exc().encode()
    answer.write(kind)
    answer.write(body)
    answer.flush()


def limit(memory: int, seconds: int) -> None:
    """Take no more than so many bytes of address space and seconds, of processor and clock."""
    if resource:
        signal.alarm(max(1, seconds + GRACE))
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (max(1, seconds), max(1, seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()

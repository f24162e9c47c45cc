"""The other side of ``isolation``: runs one function within its limits.

Started as ``python -m tafahom.sheets.child MODULE FUNCTION MEMORY CPU``; arguments come in and the
result goes out pickled.
"""

import gc
import importlib
import os
import pickle
import sys

try:
    import resource
except ImportError:  # not on Windows; there the clock of the parent is the only limit
    resource = None  # type: ignore[assignment]


def main() -> None:
    """Run what the command line says."""
    module, function, memory, seconds = sys.argv[1:]
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not spoil the answer
    limit(int(memory), int(seconds))
    gc.disable()  # a short life, with nothing in it that refers to itself
    arguments = pickle.load(sys.stdin.buffer)  # from our own parent
    answer = getattr(importlib.import_module(module), function)(*arguments)
    with out:
        pickle.dump(answer, out, protocol=pickle.HIGHEST_PROTOCOL)
    os._exit(0)  # the system takes the memory back faster than we could


def limit(memory: int, seconds: int) -> None:
    """Take no more than so many bytes of address space and seconds of processor."""
    if resource:
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()

"""Runs a function of this package inside an installation: ``python -m bench.inside MODULE ARGS``.

The installation is the one that the environment names. The function is ``MODULE.main``.
"""

import importlib
import os
import sys


def run(module: str, arguments: list[str]) -> None:
    """Make Django ready, then call the module's ``main`` with the arguments."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tafahom.config.settings")
    # Only now: models can be imported when Django is ready, not before.
    importlib.import_module("django").setup()
    scoping = importlib.import_module("tafahom.scoping")
    with scoping.everything("a whole installation is filled"):
        importlib.import_module(f"bench.{module}").main(*arguments)


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2:])

"""The part of the build that pyproject.toml cannot say: page assets and translations go along.

The same two steps as in `make setup`; an editable installation takes both from the checkout.
"""

import shutil
import sys
from pathlib import Path

import polib
from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools"))

import assets  # noqa: E402 - lies in tools/

TESTS_ONLY = ("axe-core", ".stamp")


class BuildWithAssets(build_py):
    """Python files and data, then what `make setup` makes in a checkout."""

    def run(self) -> None:
        """Build into an empty folder: a module that is gone must not come back from an old build."""
        if self.editable_mode:
            super().run()
            return
        package = Path(self.build_lib) / "tafahom"
        shutil.rmtree(package, ignore_errors=True)
        super().run()
        if assets.main():
            raise SystemExit("The page assets are missing: the wheel would have no pages.")
        ignored = shutil.ignore_patterns(*TESTS_ONLY)
        shutil.copytree(assets.ASSETS, package / "assets", ignore=ignored)
        for catalogue in package.glob("locale/*/LC_MESSAGES/*.po"):
            polib.pofile(str(catalogue)).save_as_mofile(str(catalogue.with_suffix(".mo")))


setup(cmdclass={"build_py": BuildWithAssets})

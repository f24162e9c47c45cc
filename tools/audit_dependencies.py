"""Check, without a network, that what is installed is what the locks name and nothing else.

1. Every line of a lock names one version and its hashes, and no host.
2. What is installed has the version of the lock.
3. The files of what is installed have the digests that their package recorded.
4. No version is below one that mended a known fault (requirements/advisories.toml).
"""

import base64
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker
from packaging.utils import canonicalize_name
from packaging.version import Version

FOLDER = Path(__file__).resolve().parents[1] / "requirements"
LOCKS = ("runtime.txt", "dev.txt")
LINE = re.compile(r"([A-Za-z0-9_.\[\],-]+)==(\S+?)(?:\s*;\s*(.+?))?\s*\\?$")


def locked(lock: Path) -> Iterator[tuple[str, str, str]]:
    """Yield name, version and marker of each requirement; a bad line is yielded without version."""
    for entry in lock.read_text(encoding="utf-8").replace("\\\n", " ").splitlines():
        text = entry.strip()
        if not text or text.startswith("#"):
            continue
        head, *hashes = text.split(" --hash=")
        found = LINE.fullmatch(head.strip())
        whole = found and hashes and all(one.strip().startswith("sha256:") for one in hashes)
        if found is None or not whole:
            yield text[:60], "", ""
        else:
            yield canonicalize_name(found[1].partition("[")[0]), found[2], found[3] or ""


def changed_files(installed: Distribution) -> list[str]:
    """Return the files of a distribution that are not as its package recorded them."""
    changed = []
    for file in installed.files or []:
        if file.hash is None or file.hash.mode != "sha256" or file.suffix == ".pyc":
            continue
        path = Path(str(file.locate()))
        digest = hashlib.sha256(path.read_bytes()).digest() if path.is_file() else b""
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            changed.append(str(file))
    return changed


def findings() -> Iterator[str]:
    """Yield a sentence for everything that is not as it should be."""
    advisories = tomllib.loads((FOLDER / "advisories.toml").read_text())["advisory"]
    seen: set[tuple[str, str]] = set()
    for name in LOCKS:
        if re.search(r"https?://", (FOLDER / name).read_text(encoding="utf-8")):
            yield f"{name} names a host"
        for package, version, marker in locked(FOLDER / name):
            if not version:
                yield f"{name}: “{package}” is not one version with its hashes"
                continue
            seen.add((package, version))
            if not marker or Marker(marker).evaluate():
                yield from _of_installed(package, version)
    for package, version in sorted(seen):
        for fault in advisories:
            if fault["package"] == package and Version(version) < Version(fault["fixed"]):
                yield f"{package} {version}: {fault['id']}, {fault['about']}"


_looked: set[str] = set()


def _of_installed(package: str, version: str) -> Iterator[str]:
    if package in _looked:
        return
    _looked.add(package)
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        yield f"{package} {version} is locked but not installed"
        return
    if installed.version != version:
        yield f"{package} {installed.version} is installed, {version} is locked"
    if changed := changed_files(installed):
        yield f"{package}: {len(changed)} files changed since they were installed: {changed[:3]}"


def main() -> int:
    """Exit status 1 when there is a finding."""
    found = list(findings())
    for sentence in found:
        print(sentence)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())

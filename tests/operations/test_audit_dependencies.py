"""The offline audit finds what was changed, what is not locked, and what is known to be faulty."""

import importlib.util
from importlib.metadata import distribution
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.once

TOOL = Path(__file__).resolve().parents[2] / "tools" / "audit_dependencies.py"
HASH = "sha256:" + "0" * 64


@pytest.fixture
def audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, with locks and advisories of the test's own."""
    spec = importlib.util.spec_from_file_location("audit_dependencies", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "FOLDER", tmp_path)
    (tmp_path / "dev.txt").write_text("")
    (tmp_path / "advisories.toml").write_text(
        '[[advisory]]\npackage = "django"\nfixed = "99.0"\nid = "X-1"\nabout = "made up"\n'
    )
    return module


def found(audit: ModuleType, lock: str) -> str:
    (audit.FOLDER / "runtime.txt").write_text(lock)
    return "\n".join(audit.findings())


def test_what_is_as_it_should_be_is_not_mentioned(audit: ModuleType) -> None:
    version = distribution("pytest").version
    assert found(audit, f"pytest=={version} \\\n    --hash={HASH}\n") == ""


@pytest.mark.parametrize(
    ("lock", "said"),
    [
        ("pytest>=1\n", "not one version"),
        ("pytest==1.0\n", "not one version"),
        (f"pytest==1.0 \\\n    --hash={HASH}\n", "1.0 is locked"),
        (f"not-there==1.0 \\\n    --hash={HASH}\n", "not installed"),
        (f"django==5.2.1 \\\n    --hash={HASH}\n", "django 5.2.1: X-1, made up"),
        ("--index-url https://example.org/\n", "names a host"),
    ],
)
def test_what_is_not_is_named(audit: ModuleType, lock: str, said: str) -> None:
    assert said in found(audit, lock)


def test_a_changed_file_of_a_package_is_found(audit: ModuleType, tmp_path: Path) -> None:
    package = tmp_path / "thing-1.0.dist-info"
    package.mkdir()
    (tmp_path / "thing.py").write_text("print('as it was')\n")
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: thing\nVersion: 1.0\n")
    (package / "RECORD").write_text("thing.py,sha256=AAAA,19\nthing-1.0.dist-info/RECORD,,\n")
    installed = audit.Distribution.at(package)
    assert audit.changed_files(installed) == ["thing.py"]

"""Change the rules one small thing at a time and see whether a test notices: how tests bite.

Without arguments all modules that ``[tool.mutmut]`` of ``pyproject.toml`` names; with some, those
whose names hold one of them (``make mutate T=periods``). The table of docs/development/testing.md
gets a row for each module that was run, and this prints what no test noticed.
"""

import datetime as dt
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutmut.configuration import config
from mutmut.mutation.data import SourceFileMutationData
from mutmut.stats import status_by_exit_code

ROOT = Path(__file__).resolve().parents[1]
MUTANTS = ROOT / "mutants"
PAGE = ROOT / "docs/development/testing.md"
HEADING = "| module of `tafahom` | mutants | killed | survived | no test | percent | on |"
RULE = "| --- | --- | --- | --- | --- | --- | --- |"
# A mutant that hangs or ends the interpreter is noticed.
KILLED = {"killed", "timeout", "segfault"}
NO_TESTS = "no tests"


def modules(parts: list[str]) -> dict[str, Path]:
    """Return the modules to be changed by name, without ``tafahom``, and their files."""
    found = {}
    for path in sorted((ROOT / "src").rglob("*.py")):
        file = path.relative_to(ROOT)
        name = ".".join(file.with_suffix("").parts[2:]).removesuffix(".__init__")
        if config().should_mutate(file) and (not parts or any(part in name for part in parts)):
            found[name] = file
    return found


def statuses(file: Path) -> dict[str, str]:
    """Return what became of each mutant of a file, by its name."""
    data = SourceFileMutationData(path=file)
    data.load()
    return {name: status_by_exit_code[code] for name, code in data.exit_code_by_key.items()}


def row(name: str, found: dict[str, str]) -> str:
    """Return the row of the table for a module."""
    count = Counter("killed" if one in KILLED else one for one in found.values())
    killed, unreached = count["killed"], count[NO_TESTS]
    survived = len(found) - killed - unreached
    percent = f"{100 * killed // len(found)}"
    today = dt.datetime.now(dt.UTC).date().isoformat()
    cells = (f"`{name}`", len(found), killed, survived, unreached, percent, today)
    return f"| {' | '.join(map(str, cells))} |"


def rows_of(page: str) -> Iterator[str]:
    """Give the rows that the page has already."""
    _before, _heading, after = page.partition(f"{HEADING}\n{RULE}\n")
    for line in after.splitlines():
        if not line.startswith("| `"):
            return
        yield line


def write(rows: dict[str, str]) -> None:
    """Put rows into the page, each in place of the one that the module had; others stay."""
    page = PAGE.read_text()
    old = list(rows_of(page))
    kept = {line.split("`")[1]: line for line in old} | rows
    table = "".join(f"{kept[name]}\n" for name in sorted(kept))
    before, heading, after = page.partition(f"{HEADING}\n{RULE}\n")
    rest = after.removeprefix("".join(f"{line}\n" for line in old))
    PAGE.write_text(before + heading + table + rest)


def main() -> int:
    """Exit status 0 when every module was run to its end."""
    wanted = modules(sys.argv[1:])
    if not wanted:
        print(f"no module of rules is called like that: {' '.join(sys.argv[1:])}")
        return 2
    shutil.rmtree(MUTANTS, ignore_errors=True)  # what was found out before is of other code
    patterns = [f"tafahom.{name}.x*" for name in wanted]
    mutmut = [str(Path(sys.executable).with_name("mutmut")), "run", *patterns]
    run = subprocess.run(mutmut, cwd=ROOT, check=False, stdout=subprocess.DEVNULL)
    if run.returncode:
        print("the tests do not pass by themselves: run `mutmut run` and read what it says")
        return 2
    found = {name: result for name, file in wanted.items() if (result := statuses(file))}
    rows = {name: row(name, result) for name, result in found.items()}
    write(rows)
    print(HEADING, RULE, *rows.values(), sep="\n")
    for result in found.values():
        for mutant, status in result.items():
            if status not in KILLED:
                print(f"{status}: mutmut show {mutant}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

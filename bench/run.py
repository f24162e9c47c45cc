"""Measures what was promised and says what was kept: ``python -m bench.run [NAME…]``."""

import argparse
import dataclasses
import json
import sys

from bench import disclosure, home, imports, mixed, register, report
from bench.result import Result, amount

MEASUREMENTS = {
    "report": report.measure,
    "home": home.measure,
    "imports": imports.measure,
    "agreements": register.measure,
    "mixed": mixed.measure,
    "disclosure": disclosure.measure,
}


def main() -> int:
    """Measure, print and return the exit status: 1 when a limit is exceeded, unless quick."""
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MEASUREMENTS))
    parser.add_argument("--quick", action="store_true", help="little data: to try the bench itself")
    parser.add_argument("--json", action="store_true", help="one JSON document")
    asked = parser.parse_args()
    if unknown := set(asked.names) - set(MEASUREMENTS):
        parser.error(f"no such measurement: {', '.join(sorted(unknown))}")
    results: list[Result] = []
    for name in asked.names or MEASUREMENTS:
        print(f"measuring: {name}", file=sys.stderr)
        results += MEASUREMENTS[name](quick=asked.quick)
    print(_document(results) if asked.json else _table(results))
    return 0 if asked.quick or all(result.is_ok for result in results) else 1


def _document(results: list[Result]) -> str:
    rows = [
        dataclasses.asdict(result) | {"ratio": result.ratio, "ok": result.is_ok}
        for result in results
    ]
    return json.dumps({"results": rows}, ensure_ascii=False, indent=1)


def _table(results: list[Result]) -> str:
    rows: list[tuple[str, ...]] = [("what", "measured", "floor", "ratio", "limit", "")]
    rows += [_cells(result) for result in results]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join([row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]).rstrip()
        for row in rows
    ]
    notes = [f"{result.what}: {result.note}" for result in results if result.note]
    return "\n".join([*lines, "", *notes])


def _cells(result: Result) -> tuple[str, ...]:
    unit = "s" if result.unit == "×" else result.unit
    limit = f"{result.limit:g} ×" if result.unit == "×" else amount(result.limit, unit)
    return (
        result.what,
        amount(result.measured, unit),
        amount(result.floor, unit),
        f"{result.ratio:.2f} ×" if result.ratio else "–",
        limit,
        "ok" if result.is_ok else "OVER",
    )


if __name__ == "__main__":
    sys.exit(main())

"""Where the code takes figures, or counts of people, out: found in its syntax.

A place is ``module:function``. It takes figures when it names something of ``tafahom.figures`` that
is not ``HARMLESS``, or a function whose row says that its callers must guard what it gives.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import tafahom

SOURCE = Path(tafahom.__file__).parent
# The apps above the figures, and those below that hold what is counted: people, enrolments.
APPS = (
    "demonstration",
    "web",
    "gate",
    "desk",
    "operations",
    "reports",
    "exchange",
    "privacy",
    "credentials",
    "training",
    "people",
)
FIGURES = "tafahom.figures"
# Words of questions and answers, names of what there is, and keeping facts up to date: no figure.
HARMLESS = frozenset(
    {
        "ATTRIBUTIONS", "ATTRIBUTION_LABELS", "BASES", "BASIS_LABELS", "DIMENSIONS", "MEASURES",
        "DimensionValue", "FigureError", "FigureQuery", "FigureRow", "FigureTable", "Measure",
        "AgreementFigures", "BreakdownStanding", "MonthComparison", "NotOfferedError", "Number", "SliceStanding",
        "choices", "folder", "growth", "hours", "percent", "months",
        "holds_whole_agreements", "latest_period", "offers", "years", "untrained",
        "fresh_for_all", "rebuild", "refresh", "rewrite",
    }
)  # fmt: skip
COUNTS = frozenset({"Count", "Sum", "Avg"})


def modules() -> Iterator[tuple[str, str]]:
    """Yield name and text of every module of the apps."""
    for app in APPS:
        for path in sorted((SOURCE / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(SOURCE).with_suffix("").parts), path.read_text()


def places(module: str, text: str, carriers: Mapping[str, Collection[str]]) -> set[str]:
    """Return the places of a module that take figures or count.

    ``carriers`` are further functions that give figures, by their module.
    """
    tree = ast.parse(text)
    taken = _taken(tree, carriers)
    taken.names.update(carriers.get(f"tafahom.{module}", ()))  # what it calls of its own
    return {
        f"{module}:{name}" for name, body in _functions(tree) if _takes(body, taken, inside=name)
    }


class _Taken:
    """What a module has imported of figures: names, and modules of which names are taken."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.modules: dict[str, Collection[str] | None] = {}


def _taken(tree: ast.Module, carriers: Mapping[str, Collection[str]]) -> _Taken:
    taken = _Taken()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.name.startswith(FIGURES):
                    taken.names.add(one.asname or "tafahom")
        if not isinstance(node, ast.ImportFrom) or not node.module:
            continue
        for one in node.names:
            local, whole = one.asname or one.name, f"{node.module}.{one.name}"
            if whole in carriers:
                taken.modules[local] = carriers[whole]
            elif node.module == FIGURES:
                taken.modules[local] = None
            elif node.module.startswith(f"{FIGURES}."):
                if one.name not in HARMLESS:
                    taken.names.add(local)
            elif one.name in carriers.get(node.module, ()):
                taken.names.add(local)
    return taken


def _functions(tree: ast.Module) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield functions and methods by name; ``<module>`` has what runs on import."""
    rest: list[ast.stmt] = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, [node]
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{node.name}.{inner.name}", [inner]
                else:
                    rest.append(inner)
        elif not isinstance(node, ast.Import | ast.ImportFrom):
            rest.append(node)
    yield "<module>", rest


def _takes(body: list[ast.stmt], taken: _Taken, *, inside: str) -> bool:
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and node.id in taken.names - {inside}:
                return True
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                some = taken.modules.get(node.value.id, ())
                if node.attr not in HARMLESS if some is None else node.attr in some:
                    return True
            if isinstance(node, ast.Call) and _counts(node):
                return True
    return False


def leaving_scope(text: str) -> set[str]:
    """Return the functions of a module that enter the whole installation, in which nothing is hidden."""
    return {
        name
        for name, body in _functions(ast.parse(text))
        for statement in body
        for node in ast.walk(statement)
        if isinstance(node, ast.Name) and node.id == "everything"
    }


def _counts(call: ast.Call) -> bool:
    """Whether a call counts or adds up rows; ``list.count`` takes what it counts."""
    if isinstance(call.func, ast.Attribute):
        if call.func.attr == "aggregate":
            return True
        return call.func.attr == "count" and not call.args
    if not isinstance(call.func, ast.Name):
        return False
    if call.func.id in COUNTS:
        return True
    return call.func.id == "len" and "enrolment" in ast.unparse(call.args[0])

"""An attacker written apart from the code: one plain programme for each question."""

from collections.abc import Collection

import highspy

from tafahom.figures.disclosure.suppression import System


class Silent(highspy.Highs):
    """HiGHS without its banner."""

    def enableCallbacks(self):  # noqa: N802
        self.setOptionValue("output_flag", False)


def learn(system: System, hidden: Collection[int], at: int) -> tuple[float, float]:
    """Return the least and the greatest value that a cell can have for who knows what is shown."""
    return _extreme(system, hidden, at, 1), _extreme(system, hidden, at, -1)


def protected(system: System, hidden: Collection[int], at: int) -> bool:
    """Return whether an attacker must believe possible all that the need of a cell asks."""
    need = system.cells[at].need
    assert need is not None
    low, high = learn(system, hidden, at)
    return low <= need.low + 1e-5 and high >= need.high - 1e-5


def _extreme(system: System, hidden: Collection[int], at: int, sign: int) -> float:
    model = Silent()
    counts = [model.addVariable(lb=0) for _value in system.values]
    for number, cell in enumerate(system.cells):
        if number not in hidden and cell.variables:
            _fix(model, counts, system, cell.variables, ())
    for added, taken in system.known:
        if set(added) ^ set(taken):
            _fix(model, counts, system, added, taken)
    own = system.cells[at].variables
    if not own:
        return 0
    model.minimize(highspy.Highs.qsum(sign * counts[one] for one in own))
    if model.getModelStatus() == highspy.HighsModelStatus.kOptimal:
        return sign * model.getObjectiveValue()
    assert model.getModelStatus() in (
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    )
    return float("inf")


def _fix(model, counts, system: System, added: tuple[int, ...], taken: tuple[int, ...]) -> None:
    terms = [counts[one] for one in added] + [-1 * counts[one] for one in taken]
    total = sum(system.values[one] for one in added) - sum(system.values[one] for one in taken)
    model.addConstr(highspy.Highs.qsum(terms) == total)

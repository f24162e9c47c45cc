"""Linear programmes that are solved many times with small changes: a narrow, typed HiGHS.

HiGHS: Huangfu & Hall, "Parallelizing the dual revised simplex method", Mathematical Programming
Computation 10 (2018). One thread, one seed: the same programme has the same solution.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

import highspy
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ProgrammeRow = Mapping[int, float]  # column: coefficient

INFINITY = float("inf")
TOLERANCE = 1e-6  # of counts; HiGHS keeps bounds to 1e-7


class Method(Enum):
    """The simplex that goes on fastest from the solution before."""

    DUAL = 1  # bounds changed
    PRIMAL = 4  # only costs changed


@dataclass(frozen=True)
class Solution:
    """The best point: values of the columns and of the rows, and their cost."""

    columns: Floats
    rows: Floats
    cost: float


class _Highs(highspy.Highs):
    """HiGHS that prints nothing: its banner would otherwise come before any option can be set."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def enableCallbacks(self) -> None:  # noqa: N802 - its name
        """Be silent; no callback is used."""
        self.setOptionValue("output_flag", False)


class UnboundedError(ArithmeticError):
    """The cost can fall without end."""


class Programme:
    """Minimise costs of columns while columns and rows stay within their bounds."""

    def __init__(
        self,
        rows: Sequence[ProgrammeRow],
        row_bounds: tuple[Floats, Floats],
        column_bounds: tuple[Floats, Floats],
        costs: Floats,
        method: Method,
    ) -> None:
        self.solved = 0
        self._highs = _Highs()
        for option, value in (
            ("threads", 1),
            ("random_seed", 0),
            ("presolve", "off"),
            ("solver", "simplex"),
            ("simplex_strategy", method.value),
            ("dual_simplex_cost_perturbation_multiplier", 0.0),  # a third of the steps without
        ):
            self._highs.setOptionValue(option, value)
        programme = highspy.HighsLp()
        # One column more, always zero: HiGHS gives no answer where there is none.
        programme.num_col_, programme.num_row_ = len(costs) + 1, len(rows)
        programme.col_cost_ = np.append(costs, 0.0)
        programme.col_lower_ = np.append(column_bounds[0], 0.0)
        programme.col_upper_ = np.append(column_bounds[1], 0.0)
        programme.row_lower_, programme.row_upper_ = row_bounds
        programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        programme.a_matrix_.start_ = np.cumsum([0, *(len(row) for row in rows)]).astype(np.int32)
        programme.a_matrix_.index_ = np.array([at for row in rows for at in row], dtype=np.int32)
        programme.a_matrix_.value_ = np.array([by for row in rows for by in row.values()])
        self._must(self._highs.passModel(programme))

    def bound_row(self, row: int, low: float, high: float) -> None:
        """Give a row new bounds."""
        self._must(self._highs.changeRowBounds(row, low, high))

    def price(self, columns: Sequence[int], cost: Floats | float) -> None:
        """Give these columns a new cost: one for all or one each."""
        self._must(
            self._highs.changeColsCost(
                len(columns), np.array(columns, dtype=np.int32), np.full(len(columns), cost)
            )
        )

    def solve(self, *, is_far: bool = False) -> Solution | None:
        """Return the best point, or None if no point keeps all bounds.

        ``is_far`` says that little of the solution before will stay: the interior point method is
        faster then than going on from there.
        """
        self._highs.setOptionValue("presolve", "off" if self.solved and not is_far else "on")
        self._highs.setOptionValue("solver", "ipx" if is_far else "simplex")
        self.solved += 1
        self._must(self._highs.run())
        status = self._highs.getModelStatus()
        if status not in _EXPECTED:  # a basis gone bad: once more from the start
            self._highs.setOptionValue("solver", "simplex")
            self._highs.clearSolver()
            self._must(self._highs.run())
            status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kUnbounded:
            raise UnboundedError
        if status != highspy.HighsModelStatus.kOptimal:
            raise ArithmeticError(f"HiGHS ended with {status}")
        found = self._highs.getSolution()
        cost = self._highs.getInfo().objective_function_value
        return Solution(np.array(found.col_value)[:-1], np.array(found.row_value), cost)

    @staticmethod
    def _must(status: highspy.HighsStatus) -> None:
        if status == highspy.HighsStatus.kError:
            raise ArithmeticError("HiGHS refused a linear programme.")


_EXPECTED = {
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnbounded,
}

"""All that is known of a year as one linear programme, solved for one question after another."""

from collections.abc import Iterable, Mapping, Sequence

import highspy
import numpy as np

from figures.disclosure.attacker import Silent
from figures.disclosure.targets import NEAR, Target, Terms


class Programme:
    """All that is known, as a linear programme; one question after another.

    ``is_whole`` reckons with whole people: slower, and it may tell more.
    """

    def __init__(
        self,
        size: int,
        equations: Mapping[Terms, int],
        links: Iterable[tuple[Terms, Terms]],
        *,
        is_whole: bool = False,
    ) -> None:
        empty = {at for terms, number in equations.items() if not number for at in terms}
        model = highspy.HighsLp()
        model.num_col_ = size
        model.col_cost_ = np.zeros(size)
        model.col_lower_ = np.zeros(size)
        model.col_upper_ = np.array(
            [0.0 if at in empty else highspy.kHighsInf for at in range(size)]
        )
        lines = [
            ([(at, 1.0) for at in terms - empty], number) for terms, number in equations.items()
        ]
        lines += [
            (
                [(at, 1.0) for at in one - other - empty]
                + [(at, -1.0) for at in other - one - empty],
                0,
            )
            for one, other in links
        ]
        lines = [(line, number) for line, number in lines if line]
        model.num_row_ = len(lines)
        model.row_lower_ = model.row_upper_ = np.array([float(number) for _line, number in lines])
        starts = np.cumsum([0, *(len(line) for line, _number in lines)])
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = starts
        model.a_matrix_.index_ = np.array([at for line, _n in lines for at, _f in line])
        model.a_matrix_.value_ = np.array([factor for line, _n in lines for _at, factor in line])
        if is_whole:
            model.integrality_ = [highspy.HighsVarType.kInteger] * size
        self._highs = Silent()
        self._highs.setOptionValue("threads", 1)
        self._highs.passModel(model)

    def bounds(self, sums: Sequence[Terms], targets: Sequence[Target]) -> list[tuple[float, float]]:
        """Return the least and the greatest value of each sum, as far as the question needs.

        A point found for one sum answers others too: what it shows possible is not asked again.
        """
        places = [np.array(sorted(terms), dtype=np.int64) for terms in sums]
        low = np.array([float(one.count) for one in targets])
        high = low.copy()
        together = np.unique(np.concatenate(places)) if places else []
        first = self._push(together, 1.0) if len(places) > 1 else None
        if first is not None:
            reached = np.array([first[one].sum() for one in places])
            low, high = np.minimum(low, reached), np.maximum(high, reached)
        for at, target in enumerate(targets):
            for sign in (-1.0, 1.0):
                if sign < 0 and high[at] >= target.high - NEAR:
                    continue
                if sign > 0 and low[at] <= target.low + NEAR:
                    continue
                point = self._push(places[at], sign)
                if point is None:
                    high[at] = np.inf
                    continue
                reached = np.array([point[one].sum() for one in places])
                low, high = np.minimum(low, reached), np.maximum(high, reached)
        return list(zip(low.tolist(), high.tolist(), strict=True))

    def _push(self, places: "np.ndarray", sign: float) -> "np.ndarray | None":
        costs = np.full(len(places), sign)
        self._highs.changeColsCost(len(places), places.astype(np.int32), costs)
        self._highs.run()
        status = self._highs.getModelStatus()
        self._highs.changeColsCost(len(places), places.astype(np.int32), np.zeros(len(places)))
        if status == highspy.HighsModelStatus.kOptimal:
            return np.array(self._highs.getSolution().col_value)
        assert status in (
            highspy.HighsModelStatus.kUnbounded,
            highspy.HighsModelStatus.kUnboundedOrInfeasible,
        )
        return None

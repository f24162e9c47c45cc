"""What a measurement found."""

from dataclasses import dataclass

SHOWN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Result:
    """One measured value, what the same work costs at least, and what it may cost.

    ``limit`` is of ``measured``, in its unit ("s", "MiB"), or, for the unit "×", of the ratio of
    measured to floor, which are seconds then. ``note`` says what the floor does.
    """

    what: str
    measured: float
    limit: float
    unit: str = "s"
    floor: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Measured by floor; None without a floor."""
        return self.measured / self.floor if self.floor else None

    @property
    def is_ok(self) -> bool:
        """Whether the limit is kept."""
        held = self.ratio if self.unit == "×" else self.measured
        return held is not None and held <= self.limit


def amount(value: float | None, unit: str) -> str:
    """Return a value with its unit, short enough for a table; a dash for None."""
    if value is None:
        return "–"
    if unit == "MiB":
        return f"{value:,.0f} MiB"
    if value < 1:
        return f"{value * 1000:,.0f} ms"
    return f"{value:,.2f} s" if value < SHOWN_SECONDS else f"{value:,.1f} s"

"""Reports are tested on the small directorate of the figures."""

from figures.conftest import world, year

__all__ = ["world", "year"]

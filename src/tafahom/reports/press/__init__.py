"""The press release of a period, in official Persian, from the figures and nothing else."""

from tafahom.reports.press.release import press_release
from tafahom.reports.press.structure import PressError, PressRelease

__all__ = ["PressError", "PressRelease", "press_release"]

"""The press release of a period, in official Persian, from the figures and nothing else."""

from tafahom.reports.press.release import PressError, PressRelease, press_release

__all__ = ["PressError", "PressRelease", "press_release"]

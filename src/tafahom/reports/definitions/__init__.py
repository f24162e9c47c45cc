"""What reports there are: each turns a question into one ``ReportTable``."""

from tafahom.reports.definitions.figures import figures_table

__all__ = ["figures_table"]

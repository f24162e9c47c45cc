"""A report as CSV: UTF-8 with a byte order mark, so that Excel reads Persian rightly."""

import csv
import io

from tafahom.reports import words
from tafahom.reports.tables import HIDDEN, ReportTable, TableCell
from tafahom.sheets.formulas import neutralised

CONTENT_TYPE = "text/csv; charset=utf-8"


def render(table: ReportTable) -> bytes:
    """Return the columns' labels, the rows and the total; texts can not run as formulas.

    There are no notes, so a hidden cell says for itself why it is.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(column.label) for column in table.columns])
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    writer.writerow([_cell(cell) for cell in table.total])
    return out.getvalue().encode("utf-8-sig")


def _cell(cell: TableCell) -> str | int | float:
    if cell is None:
        return ""
    if cell is HIDDEN:
        return words.hidden_alone()
    return neutralised(cell) if isinstance(cell, str) else cell

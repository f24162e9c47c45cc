"""A table as a file to take along."""

from collections.abc import Callable

from django.http import Http404, HttpResponse

from tafahom.reports.render import csv, pdf, xlsx
from tafahom.reports.tables import ReportTable

# Ending of the file to what makes it and its type.
FILES: dict[str, tuple[Callable[[ReportTable], bytes], str]] = {
    "xlsx": (xlsx.render, xlsx.CONTENT_TYPE),
    "csv": (csv.render, csv.CONTENT_TYPE),
    "pdf": (pdf.render, "application/pdf"),
}


def table_file(table: ReportTable, ending: str, *, name: str) -> HttpResponse:
    """Return a table as a file; ``name`` is of ASCII letters. Raises Http404 for other endings."""
    if ending not in FILES:
        raise Http404
    make, content_type = FILES[ending]
    return HttpResponse(
        make(table),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="tafahom-{name}.{ending}"'},
    )

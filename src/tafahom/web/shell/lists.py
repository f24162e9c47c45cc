"""Lists as pages show them: sorted, and cut into pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from tafahom.web.shell.pages import page

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T")
M = TypeVar("M", bound=Model)

PAGE_SIZE = 50
# Name in the address to the columns that are sorted by.
Sorts = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """One page of a register. ``sort`` is the name that is sorted by, with "-" when backwards."""

    page: Page[T]
    count: int
    text: str
    sort: str

    @property
    def rows(self) -> Sequence[T]:
        return self.page.object_list  # type: ignore[return-value]  # a slice of a queryset

    @property
    def pages(self) -> list[int | str]:
        """The numbers to offer; an ellipsis where some are left out."""
        paginator = self.page.paginator
        return list(paginator.get_elided_page_range(self.page.number, on_each_side=1, on_ends=1))


def listing(
    request: HttpRequest,
    rows: QuerySet[M],
    *,
    sorts: Sorts,
    default: str,
    count: int | None = None,
) -> Listing[M]:
    """Return the page of a queryset that the address asks for; nonsense falls back quietly.

    ``count`` is how many rows there are, where that is known.
    """
    sort = request.GET.get("sort", default)
    if sort.lstrip("-") not in sorts:
        sort = default
    fields = sorts[sort.lstrip("-")]
    if sort.startswith("-"):
        fields = (_turned(fields[0]), *fields[1:])
    return paginate(request, rows.order_by(*fields), sort=sort, count=count)


def paginate(
    request: HttpRequest, rows: Any, *, sort: str = "", count: int | None = None
) -> Listing[Any]:
    """Return the page of sorted rows (a queryset or a list) that the address asks for."""
    paginator: Paginator[Any] = Paginator(rows, PAGE_SIZE)
    if count is not None:
        paginator.count = count
    shown = paginator.get_page(request.GET.get("page"))
    return Listing(shown, paginator.count, request.GET.get("q", "").strip(), sort)


def answer(request: HttpRequest, name: str, context: "DataclassInstance") -> HttpResponse:
    """Return a register's page; only its rows when htmx asks while someone types."""
    is_part = bool(request.htmx)  # type: ignore[attr-defined]  # set by django-htmx
    template = f"{name}/_{name}.html" if is_part else f"{name}/{name}.html"
    response = page(request, template, context)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _turned(field: str) -> str:
    return field[1:] if field.startswith("-") else f"-{field}"

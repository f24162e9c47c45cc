"""Pages: a template and its context, which is one value of a dataclass."""

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def page(
    request: HttpRequest, template: str, context: "DataclassInstance", *, status: int = 200
) -> HttpResponse:
    """Return a page whose template is given the fields of a context by their names."""
    return render(request, template, fields_of(context), status=status)


def fields_of(context: "DataclassInstance") -> dict[str, Any]:
    """Return the fields of a dataclass by name, as they are: what they hold is not copied."""
    return {field.name: getattr(context, field.name) for field in fields(context)}

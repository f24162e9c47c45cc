"""The one page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.plain.models import Row


def page(request: HttpRequest) -> HttpResponse:
    """Show all rows."""
    return render(request, "plain/page.html", {"rows": Row.objects.order_by("id")})


urlpatterns = [path("", page)]

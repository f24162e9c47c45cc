"""The addresses of the product; what is not found is said in no words, which takes half the time."""

from django.http import HttpRequest, HttpResponse

from tafahom.config.urls import urlpatterns

__all__ = ["handler404", "urlpatterns"]


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer that there is nothing."""
    return HttpResponse(status=404)

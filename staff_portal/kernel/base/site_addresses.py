"""Where a request came from and may be sent back to: addresses of this site only."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx sent this: then a whole page or an ordinary redirect is of no use."""
    return request.headers.get("HX-Request") == "true"


def previous_page(request: HttpRequest) -> str:
    """The page of this site from which the request was sent, as path and query; empty when unknown."""
    source = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(source, {request.get_host()}, require_https=request.is_secure()):
        return ""
    parts = urlsplit(source)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def return_path(request: HttpRequest) -> str:
    """Where the person was: this address for a GET, else the page that sent the form, else the home page."""
    if request.method in {"GET", "HEAD"} and not is_htmx(request):
        return request.get_full_path()
    return previous_page(request) or reverse("home")

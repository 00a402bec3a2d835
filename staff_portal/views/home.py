"""The home page: what waits for me, then my figures and the map."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff_portal.kernel import panels
from staff_portal.queries import home_figures


def home(request: HttpRequest) -> HttpResponse:
    """The work inbox [کارتابل] with the figures of the person's side."""
    at = request.at  # type: ignore[attr-defined]
    tasks = panels.inbox(request.user, at, request)  # type: ignore[arg-type]
    return render(request, "portal/home.html", home_figures(request.user, at, tasks))

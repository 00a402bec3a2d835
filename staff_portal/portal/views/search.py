"""Search over everything the person may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from staff_portal.kernel.pages.requests import moment, person
from staff_portal.kernel.persian.letters import clean_text
from staff_portal.portal import queries

LONGEST_QUERY = 120
SHORTEST_QUERY = 2
SHOWN, SUGGESTED = 20, 4


def _query(request: HttpRequest) -> str:
    return clean_text(request.GET.get("q", "")[:LONGEST_QUERY])


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Results grouped by kind; ``?q=`` in any digits and letters."""
    query = _query(request)
    is_asked = len(query) >= SHORTEST_QUERY
    context = {
        "page_title": "جست‌وجو",
        "crumbs": [{"label": "جست‌وجو"}],
        "search_query": query,
        "is_asked": is_asked,
        "is_too_short": bool(query) and not is_asked,
        "groups": queries.found_by(person(request), moment(request), query, SHOWN) if is_asked else [],
    }
    return render(request, "portal/search.html", context)


@require_GET
def suggest(request: HttpRequest) -> HttpResponse:
    """The first hits of each kind, for the list under the top search box; empty for a query that is too short."""
    query = _query(request)
    is_asked = len(query) >= SHORTEST_QUERY
    groups = queries.found_by(person(request), moment(request), query, SUGGESTED) if is_asked else []
    context = {"groups": groups, "query": query, "is_asked": is_asked}
    response = render(request, "portal/suggestions.html", context)
    response["Cache-Control"] = "no-store"
    return response

"""Search over everything the person may see."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from staff_portal.kernel import panels


def search(request: HttpRequest) -> HttpResponse:
    """Results grouped by kind; ``?q=`` in any digits and letters."""
    query = request.GET.get("q", "").strip()[:120]
    hits = panels.search(request.user, request.at, query) if query else []  # type: ignore[arg-type, attr-defined]
    groups: dict[str, list[panels.SearchHit]] = {}
    for hit in hits:
        groups.setdefault(hit.group, []).append(hit)
    context = {
        "search_query": query,
        "groups": [{"title": title, "count": len(found), "hits": found} for title, found in groups.items()],
        "page_title": "جست‌وجو",
    }
    return render(request, "portal/search.html", context)

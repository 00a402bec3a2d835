"""Keeping the filters of a list under a name of one's own, and forgetting them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.models import SavedView
from staff_portal.kernel.operations.saved_views import LISTS, KnownList, delete_view, save_view
from staff_portal.kernel.pages.requests import moment, one, person, today


def _list(request: HttpRequest, name: str) -> KnownList:
    """The list, for those who have it."""
    known = LISTS.get(name)
    if known is None:
        raise Http404
    known.check(person(request), today(request))
    return known


@require_POST
def save(request: HttpRequest, name: str) -> HttpResponse:
    """Keep the present filters of a list."""
    query = request.POST.get("query", "")
    address = reverse(_list(request, name).url_name)
    try:
        view = save_view(
            owner=person(request),
            at=moment(request),
            list_name=name,
            title=request.POST.get("title", ""),
            query=query[:2000],
        )
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"نمای «{view.title}» ذخیره شد.")
        query = view.query
    return redirect(f"{address}?{query}" if query else address)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one of one's own views."""
    view = one(SavedView.objects.filter(owner=person(request)), pk)
    known = _list(request, view.list_name)
    delete_view(view)
    messages.success(request, f"نمای «{view.title}» حذف شد.")
    return redirect(known.url_name)

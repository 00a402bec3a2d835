"""The pages that say no or that something failed, in the voice of the portal."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from staff_portal.kernel.base.refusals import Refusal
from staff_portal.kernel.base.site_addresses import is_htmx, previous_page

NOT_PERMITTED = "این صفحه برای نقش شما باز نیست. اگر به آن نیاز دارید، با راهبر سامانه تماس بگیرید."
NOT_FOUND = "چنین صفحه‌ای نیست، یا برای شما باز نیست. نشانی را بازبینی کنید یا از فهرست بخش‌ها بروید."
STALE_PAGE = "صفحه کهنه شده بود و درخواست شما پذیرفته نشد. صفحه را تازه کنید و دوباره بفرستید."


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The refusal's own sentences with its status, 403 or 409; for htmx as a message in the page."""
    context = {
        "page_title": "اجازه این کار را ندارید" if refusal.status == 403 else "این کار انجام نشد",
        "sentence": refusal.sentence,
        "sentences": refusal.sentences,
        "back_url": previous_page(request),
    }
    if is_htmx(request):
        response = render(request, "kernel/refused_fragment.html", context, status=refusal.status)
        response["HX-Retarget"] = ".messages-live"
        response["HX-Reswap"] = "innerHTML"
        return response
    template = "kernel/403.html" if refusal.status == 403 else "kernel/409.html"
    return render(request, template, context, status=refusal.status)


def not_permitted(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the sentence given with ``PermissionDenied``, else a general one."""
    sentence = str(exception) if isinstance(exception, PermissionDenied) and str(exception) else NOT_PERMITTED
    context = {"page_title": "اجازه ندارید", "sentence": sentence, "sentences": [sentence]}
    return render(request, "kernel/403.html", context, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404, also for what a person may not know of."""
    context = {"page_title": "صفحه پیدا نشد", "sentence": NOT_FOUND}
    return render(request, "kernel/404.html", context, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: without context processors, for the database itself may be what failed."""
    return HttpResponse(loader.get_template("kernel/500.html").render({"page_title": "خطا"}), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form from a page older than the present sign-in: says how to send it again; drafts keep the text."""
    context = {
        "page_title": "صفحه کهنه شده بود",
        "sentence": STALE_PAGE,
        "back_url": previous_page(request),
    }
    return render(request, "kernel/stale_page.html", context, status=403)

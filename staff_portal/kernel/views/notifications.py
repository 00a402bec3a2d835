"""The bell's page: what I was told, and what still waits for me."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from staff_portal.kernel.delivery import notifications
from staff_portal.kernel.frame import contributions
from staff_portal.kernel.models import Notification
from staff_portal.kernel.pages import waiting
from staff_portal.kernel.pages.requests import moment, one, page_of, person, today
from staff_portal.kernel.persian.digits import to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

MOST_BESIDE = 8


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Notices, newest first, beside the work that waits."""
    mine = Notification.objects.filter(recipient=person(request))
    unread = mine.filter(read_at__isnull=True).count()
    only_unread = request.GET.get("state") == "unread"
    shown = mine.filter(read_at__isnull=True) if only_unread else mine
    page = page_of(request, shown.select_related("entry").order_by("-id"))
    tasks = contributions.inbox(person(request), moment(request), request)
    context = {
        "page_title": "اعلان‌ها",
        "crumbs": [{"label": "اعلان‌ها"}],
        "page_obj": page,
        "state_tabs": [
            {"label": "همه", "url": "?", "current": not only_unread},
            {"label": "خوانده‌نشده", "url": "?state=unread", "current": only_unread, "count": unread},
        ],
        "notices": [_notice(row) for row in page.object_list],
        "unread": unread,
        "waiting": [waiting.waiting(task, today(request)) for task in tasks[:MOST_BESIDE]],
        "waiting_more": contributions.count_of(tasks[MOST_BESIDE:]),
    }
    return render(request, "kernel/inbox.html", context)


def _notice(row: Notification) -> dict[str, object]:
    return {
        "text": to_persian_text(row.text),
        "url": reverse("notification_open", args=[row.pk]),
        "at": format_jalali(row.created_at, "moment"),
        "unread": row.read_at is None,
    }


@require_GET
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one notice as read and go to what it is about."""
    row = one(Notification.objects.filter(recipient=person(request)), pk)
    notifications.mark_read(row, at=moment(request))
    inside = row.url and url_has_allowed_host_and_scheme(row.url, {request.get_host()})
    return redirect(row.url if inside else "inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark all of my notices as read."""
    if notifications.mark_all_read(person(request), at=moment(request)):
        messages.success(request, "همه اعلان‌ها خوانده‌شده شد.")
    return redirect("inbox")

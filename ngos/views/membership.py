"""Confirming existing members in one batch (N2), and the way to the page of a step."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ngos import rules
from ngos.enums import MembershipState
from ngos.models import Ngo
from ngos.models.querysets import NgoQuerySet
from ngos.operations import batches
from ngos.queries import visible_ngos
from staff_portal.kernel.models import Job, JobState
from staff_portal.kernel.pages.requests import guard, moment, person, today
from staff_portal.kernel.persian.digits import natural, to_ascii_digits, to_persian_digits
from staff_portal.kernel.persian.identifiers import is_valid_national_id
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.numbers import format_thousands

PAGE = 50


def _waiting(request: HttpRequest) -> NgoQuerySet:
    """Drafts that came in with a number of membership from the register."""
    seen = visible_ngos(person(request), today(request))
    return seen.filter(state=MembershipState.DRAFT).exclude(claimed_number="").order_by("sort_key", "id")


@require_http_methods(["GET", "POST"])
def existing(request: HttpRequest) -> HttpResponse:
    """The manager confirms existing members: those ticked, or all that wait; the outcome stands on this page."""
    guard(rules.CONFIRM_EXISTING, request)
    if request.method == "POST":
        return _confirm(request)
    if job_id := to_ascii_digits(request.GET.get("job", "")):
        return _job_outcome(request, job_id)
    return _page(request)


def _page(request: HttpRequest, result: batches.BatchResult | None = None, error: str = "") -> HttpResponse:
    waiting = _waiting(request).matching(request.GET.get("q", ""))
    page = Paginator(waiting, PAGE).get_page(to_ascii_digits(request.GET.get("page", "1")))
    context = {
        "page_title": "تأیید اعضای پیشین",
        "page_subtitle": "پرونده‌هایی که با شماره عضویت از دفتر وارد شده‌اند",
        "crumbs": [{"label": "سمن‌ها", "url": reverse("ngos:ngo_list")}, {"label": "تأیید اعضای پیشین"}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "rows": [_row(ngo) for ngo in page.object_list],
        "waiting_count": format_thousands(page.paginator.count),
        "result": _outcome(result) if result is not None else None,
        "error": error,
    }
    return render(request, "ngos/registry/existing.html", context, status=422 if error else 200)


def _row(ngo: Ngo) -> dict[str, Any]:
    return {
        "pk": ngo.pk,
        "name": ngo.name,
        "url": ngo.get_absolute_url(),
        "number": ngo.claimed_number,
        "since": format_jalali(ngo.claimed_since) if ngo.claimed_since else "",
        "national_id": ngo.national_id,
        "is_ready": bool(ngo.claimed_since) and is_valid_national_id(ngo.national_id),
    }


def _confirm(request: HttpRequest) -> HttpResponse:
    me, at = person(request), moment(request)
    if request.POST.get("all") == "1":
        ids = list(_waiting(request).values_list("pk", flat=True))
    else:
        wanted = [
            int(pk) for pk in request.POST.getlist("ngo") if pk.isascii() and pk.isdigit() and len(pk) < 19
        ]
        ids = list(visible_ngos(me, today(request)).filter(pk__in=wanted).values_list("pk", flat=True))
    if not ids:
        return _page(request, error="دست‌کم یک سمن را برگزینید.")
    if len(ids) > batches.AT_ONCE:
        job = batches.start_confirmation(ids, actor=me, at=at, url=reverse("ngos:existing"))
        messages.info(request, f"تأیید {format_thousands(len(ids))} عضو در پس‌زمینه آغاز شد.")
        return redirect("job", pk=job.pk)
    return _page(request, batches.confirm_existing_members(ids, actor=me, at=at))


def _job_outcome(request: HttpRequest, job_id: str) -> HttpResponse:
    job = Job.objects.filter(
        pk=natural(job_id) or 0,
        owner=person(request),
        handler=batches.CONFIRM_JOB,
        state=JobState.DONE,
    ).first()
    if job is None:
        raise Http404
    return _page(request, batches.BatchResult.from_json(job.result))


def _outcome(result: batches.BatchResult) -> dict[str, Any]:
    return {
        "confirmed": to_persian_digits(len(result.confirmed)),
        "has_confirmed": bool(result.confirmed),
        "refused": [
            {"name": row.name, "url": reverse("ngos:ngo_detail", args=[row.pk]), "sentences": row.sentences}
            for row in result.refused
        ],
    }

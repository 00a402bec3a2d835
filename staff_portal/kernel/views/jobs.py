"""Long work: its progress, which survives leaving the page, and the list of mine."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET

from staff_portal.kernel.letters import letter_rules
from staff_portal.kernel.models import Job, JobState
from staff_portal.kernel.pages.requests import chip_group, one, page_of, person, today
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import to_persian_digits, to_persian_text
from staff_portal.kernel.persian.jalali import format_jalali

KIT_STATES = {
    JobState.QUEUED: "waiting",
    JobState.RUNNING: "running",
    JobState.DONE: "done",
    JobState.FAILED: "failed",
}
TONES = {JobState.QUEUED: "wait", JobState.RUNNING: "go", JobState.DONE: "ok", JobState.FAILED: "no"}


def progress_of(job: Job) -> dict[str, Any]:
    """What the kit's ``{% job_progress %}`` draws."""
    return {
        "title": to_persian_text(job.title),
        "done": job.done,
        "total": job.total,
        "state": KIT_STATES[JobState(job.state)],
        "message": to_persian_text(job.message),
        "poll_url": reverse("job_progress", args=[job.pk]),
        "result_url": _inside(job.result.get("url", "")),
    }


def _inside(url: Any) -> str:
    """The handler's address of the outcome, if it is one of this site."""
    is_ours = isinstance(url, str) and url.startswith("/") and url_has_allowed_host_and_scheme(url, None)
    return url if is_ours else ""


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """One job with its progress bar; the owner, the auditor and HQ's manager see it."""
    job = _visible_job(request, pk)
    facts = [
        {"label": "آغازکننده", "value": job.owner.full_name},
        {"label": "آغاز", "value": format_jalali(job.created_at, "moment")},
    ]
    if job.finished_at is not None:
        facts.append({"label": "پایان", "value": format_jalali(job.finished_at, "moment")})
    title = to_persian_text(job.title)
    context = {
        "page_title": title,
        "crumbs": [{"label": "کارهای زمان‌بر", "url": reverse("jobs")}, {"label": title}],
        "job": progress_of(job),
        "job_id": str(job.pk),
        "fact_items": facts,
    }
    return render(request, "kernel/papers/job.html", context)


@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress bar alone; the page asks for it every second with ``X-Background: 1``."""
    job = _visible_job(request, pk)
    response = render(
        request, "kernel/papers/job_progress.html", {"job": progress_of(job), "job_id": str(job.pk)}
    )
    response["Cache-Control"] = "no-store"
    return response


def _visible_job(request: HttpRequest, pk: int) -> Job:
    visible = Job.objects.filter(letter_rules.jobs_visible_to(person(request), today(request)))
    return one(visible.select_related("owner"), pk)


@require_GET
def job_list(request: HttpRequest) -> HttpResponse:
    """My long work, newest first; the auditor and HQ's manager may ask for everybody's."""
    on, me = today(request), person(request)
    visible = Job.objects.filter(letter_rules.jobs_visible_to(me, on))
    sees_all = access.has_role(me, on, *letter_rules.JOB_READERS)
    is_everybody = sees_all and request.GET.get("whose") == "all"
    rows = visible if is_everybody else visible.filter(owner=me)
    page = page_of(request, rows.select_related("owner").order_by("-id"))
    groups = (
        [chip_group(request, "نمایش", "whose", [("all", "کارهای همه", visible.count())])] if sees_all else []
    )
    context = {
        "page_title": "کارهای زمان‌بر",
        "page_subtitle": "ورود فهرست، خروجی‌های بزرگ و هر کاری که در پس‌زمینه انجام می‌شود.",
        "crumbs": [{"label": "کارهای زمان‌بر"}],
        "chip_groups": groups,
        "page_obj": page,
        "columns": [{"label": label} for label in ("کار", "وضعیت", "پیشرفت", "آغاز")],
        "rows": [_row(job, with_owner=is_everybody) for job in page.object_list],
    }
    return render(request, "kernel/papers/job_list.html", context)


def _row(job: Job, *, with_owner: bool) -> dict[str, Any]:
    done = f"{to_persian_digits(job.done)} از {to_persian_digits(job.total)}" if job.total else ""
    first = {"text": to_persian_text(job.title), "url": reverse("job", args=[job.pk])}
    if with_owner:
        first["sub"] = job.owner.full_name
    state = {"badge": job.get_state_display(), "tone": TONES[JobState(job.state)]}
    return {"cells": [first, state, done, format_jalali(job.created_at, "moment")]}

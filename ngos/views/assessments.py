"""Assessments: the list, planning, one assessment with its steps, moderation, confirmation (N7–N9)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import AssessmentState
from ngos.forms.grading import PlanForm
from ngos.grade_sheet import compute
from ngos.models import Assessment, Ngo
from ngos.operations import assessing, grades
from ngos.operations.conflicts import assessor_conflicts
from ngos.pages.assessment_page import crumbs_of
from ngos.pages.assessments import ASSESSMENTS, WAITING, visible
from ngos.pages.grading_display import (
    grade_picture,
    seats_with_progress,
)
from ngos.pages.moderation_board import board_of, moderated_rows
from ngos.queries import final_values, framework_spec, published_framework, visible_ngos
from ngos.workflow import ASSESSMENT
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.requests import (
    attempt,
    guard,
    moment,
    one,
    person,
    today,
)
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical

PICKED = 12


# --- planning -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def assessment_new(request: HttpRequest) -> HttpResponse:
    """Plan an assessment: first the NGO (``?ngo=``, or a search), then two assessors and the deadline (N9)."""
    guard(rules.PLAN_ASSESSMENT, request)
    me, on = person(request), today(request)
    key = request.POST.get("ngo") or request.GET.get("ngo") or ""
    wanted = natural(key)
    ngo = visible_ngos(me, on).filter(pk=wanted).first() if wanted is not None else None
    if ngo is None:
        return _pick_ngo(request)
    people = _assessors(ngo, on)
    days = int(settings_store.value(ngo_settings.SCORING_DAYS, on))
    form = PlanForm(
        request.POST or None,
        assessors=[(str(row["user"].pk), row["user"].full_name) for row in people],
        initial={"ngo": ngo.pk, "due_on": clocks.working_deadline(on, days)},
    )
    if request.method == "POST" and form.is_valid():
        planned = attempt(form, lambda: _plan(request, ngo, people, form.cleaned_data))
        if planned is not None:
            messages.success(request, "ظرفیت‌سنجی برنامه‌ریزی شد؛ با «آغاز امتیازدهی» به ارزیابان سپرده می‌شود.")
            return redirect("ngos:assessment_detail", planned.pk)
    chosen = set(request.POST.getlist("assessors"))
    context = {
        "page_title": "برنامه‌ریزی ظرفیت‌سنجی",
        "crumbs": [
            {"label": ASSESSMENTS.title, "url": reverse("ngos:assessment_list")},
            {"label": "برنامه‌ریزی"},
        ],
        "ngo": ngo,
        "gaps": assessing.ngo_gaps(ngo, published_framework()),
        "people": [{**row, "chosen": str(row["user"].pk) in chosen} for row in people],
        "form": form,
        "submit_label": "برنامه‌ریزی",
        "cancel_url": reverse("ngos:assessment_list"),
        "draft_key": f"plan-{ngo.pk}",
    }
    return render(request, "ngos/grading/plan.html", context, status=422 if form.errors else 200)


def _plan(request: HttpRequest, ngo: Ngo, people: list[dict[str, Any]], data: dict[str, Any]) -> Assessment:
    chosen = [row["user"] for row in people if str(row["user"].pk) in data["assessors"]]
    return assessing.plan_assessment(
        actor=person(request), at=moment(request), ngo=ngo, assessors=chosen, due_on=data["due_on"]
    )


def _assessors(ngo: Ngo, on: date) -> list[dict[str, Any]]:
    """Everybody with the role: how many assessments are open with each, and why some may not assess (N9)."""
    waiting = Q(assessor_seats__assessment__state__in=WAITING, assessor_seats__submitted_at__isnull=True)
    users = list(
        User.objects.filter(pk__in=access.holders(Role.HQ_ASSESSOR, on))
        .annotate(load=Count("assessor_seats", filter=waiting))
        .order_by("load", alphabetical("last_name"), alphabetical("first_name"), "id")
    )
    conflicts = assessor_conflicts(users, ngo)
    return [
        {"user": user, "load": _load_words(user.load), "conflict": conflicts.get(user.pk, "")}
        for user in users
    ]


def _load_words(load: int) -> str:
    return f"{to_persian_digits(load)} ظرفیت‌سنجی باز" if load else "بدون ظرفیت‌سنجی باز"


def _pick_ngo(request: HttpRequest) -> HttpResponse:
    """Members that the typed words find; htmx takes the results alone, a plain GET the whole page."""
    me, on = person(request), today(request)
    query = request.GET.get("q", "")
    running = Assessment.objects.filter(ngo=OuterRef("pk"), state__in=rules.OPEN_ASSESSMENT)
    members = visible_ngos(me, on).members().matching(query).select_related("district")
    found = members.annotate(is_running=Exists(running)).order_by(
        "is_running", F("grade_valid_until").asc(nulls_first=True), "sort_key", "id"
    )
    rows = list(found[: PICKED + 1])
    context = {
        "page_title": "برنامه‌ریزی ظرفیت‌سنجی",
        "crumbs": [
            {"label": ASSESSMENTS.title, "url": reverse("ngos:assessment_list")},
            {"label": "برنامه‌ریزی"},
        ],
        "q": query,
        "ngos": rows[:PICKED],
        "more": len(rows) > PICKED,
        "on": on,
    }
    partial = request.headers.get("HX-Request") == "true"
    return render(
        request, "ngos/grading/plan_results.html" if partial else "ngos/grading/plan_pick.html", context
    )


# --- one assessment -------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def assessment_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A row of the table; confirming shows the grade exactly as it will be stored."""
    assessment = one(visible(person(request), today(request)), pk)
    is_asked = request.method == "GET" and assessment.state == AssessmentState.AWAITING_CONFIRMATION
    if transition == "confirm" and is_asked:
        return _preview(request, assessment)
    return take(request, ASSESSMENT, assessment, transition, crumbs=crumbs_of)


def _preview(request: HttpRequest, assessment: Assessment) -> HttpResponse:
    """What would be stored, computed and not stored: level, explanation, gates, floors, the way up (N8)."""
    seats = seats_with_progress(assessment)
    guard(rules.CONFIRM_GRADE, request, assessment)
    option = ASSESSMENT.option(assessment, "confirm", person(request), moment(request))
    assert option is not None  # noqa: S101 - the power was just asked for
    picture, level = None, None
    if option.allowed:
        spec = framework_spec(assessment.framework)
        computed = compute(spec, final_values(assessment, spec))
        level = computed.result.level
        picture = grade_picture(computed.as_json(), level.label)
    board = board_of(assessment, seats) if option.allowed else None
    on = today(request)
    until = grades.years_later(on, assessment.framework.valid_years)
    context = {
        "page_title": f"تأیید سطح: {assessment.ngo}",
        "crumbs": [*crumbs_of(assessment), {"label": option.label}],
        "assessment": assessment,
        "sentence": f"با تأیید شما، این سمن از امروز «{picture['level']}» می‌گیرد."
        if picture
        else option.row.confirm,
        "consequences": [
            f"اعتبار: از {format_jalali(on, 'medium')} تا {format_jalali(until, 'medium')}.",
            "سطح تأییدشده تغییر نمی‌کند؛ کارنامه آن با شماره و امضا صادر می‌شود.",
            "سطح پیشین سمن، اگر باشد، با این سطح جایگزین می‌شود.",
        ],
        "picture": picture,
        "moderated": moderated_rows(board) if board else [],
        "reasons": list(option.reasons),
        "submit_label": option.label,
        "cancel_url": reverse("ngos:assessment_detail", args=[assessment.pk]),
    }
    return render(request, "ngos/grading/confirm_grade.html", context)

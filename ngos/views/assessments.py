"""Assessments: the list, planning, one assessment with its steps, moderation, confirmation (N7–N9)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from ngos import rules
from ngos import settings as ngo_settings
from ngos.enums import AssessmentState
from ngos.forms.grading import PlanForm
from ngos.grade_sheet import compute
from ngos.models import Assessment, AssessorSeat, Ngo
from ngos.operations import assessing, grades
from ngos.operations.conflicts import assessor_conflicts
from ngos.queries import final_values, framework_spec, published_framework, visible_ngos
from ngos.tables.grading import ASSESSMENT_COLUMNS, WAITING, assessment_rows
from ngos.pages.grading_display import (
    Sight,
    due_words,
    events_of,
    grade_picture,
    grade_sheets,
    indicator_counts,
    progress_words,
    seat_title,
    seats_with_progress,
    sight_of,
    stepper,
)
from ngos.pages.moderation_board import agreed_rows, board_of, moderated_rows
from ngos.workflow import ASSESSMENT
from ngos.workflow.assessments import visible_assessments
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.configuration import clocks, settings_store
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.requests import (
    attempt,
    chip_group,
    guard,
    moment,
    one,
    page_of,
    person,
    today,
)
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.persian.ordering import alphabetical
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.workflow.holds import open_reasons

LIST_TITLE = "ظرفیت‌سنجی"
NOT_FOR_YOU = "فهرست ظرفیت‌سنجی‌ها برای نقش شما باز نیست."
PICKED = 12


def visible(request: HttpRequest) -> QuerySet[Assessment]:
    """The assessments the person may see, each once, with what every page names."""
    rows = visible_assessments(person(request), today(request))
    return rows.select_related("ngo", "framework", "grade")


def crumbs_of(assessment: Assessment) -> list[dict[str, str]]:
    """The way to what lies below an assessment."""
    own = {"label": assessment.ngo.name, "url": assessment.get_absolute_url()}
    return [{"label": LIST_TITLE, "url": reverse("ngos:assessment_list")}, own]


def crumbs(assessment: Assessment, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to an assessment and what lies below it."""
    way = crumbs_of(assessment)
    return [*way, *more] if more else [way[0], {"label": assessment.ngo.name}]


# --- the list -------------------------------------------------------------------------------------------


@require_GET
def assessment_list(request: HttpRequest) -> HttpResponse:
    """Every assessment the person may see; chips for state, mine and overdue, search, Excel."""
    me, on = person(request), today(request)
    if not access.has_role(me, on, *rules.ASSESSMENT_LIST_ROLES):
        raise NotPermitted(NOT_FOR_YOU)
    rows = _searched(visible(request), request.GET.get("q", ""))
    groups = _chip_groups(request, rows, me, on)
    rows = _filtered(rows, request, me, on)
    sort = request.GET.get("sort", "")
    rows = rows.order_by(*sort_fields(ASSESSMENT_COLUMNS, sort, ("-id",))).prefetch_related(_seats())
    if request.GET.get("format") == "xlsx":
        listed = _completed(list(rows[:EXPORT_LIMIT]), me, on)
        return workbook_response(ASSESSMENT_COLUMNS, listed, LIST_TITLE, "assessments")
    page = page_of(request, rows)
    context = {
        "page_title": LIST_TITLE,
        "crumbs": [{"label": LIST_TITLE}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "columns": header(ASSESSMENT_COLUMNS, request, sort),
        "rows": assessment_rows(_completed(list(page.object_list), me, on), on),
        "chip_groups": groups,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "only")),
        "can_plan": rules.PLAN_ASSESSMENT.authority(me, None, on) is not None,
    }
    return render(request, "ngos/grading/assessment_list.html", context)


def _seats() -> Prefetch:
    seats = (
        AssessorSeat.objects.select_related("assessor").annotate(scored=Count("scores")).order_by("position")
    )
    return Prefetch("seats", queryset=seats)


def _searched(rows: QuerySet[Assessment], query: str) -> QuerySet[Assessment]:
    for word in search_fold(query).split():
        rows = rows.filter(ngo__search_text__contains=word)
    return rows


def _conditions(me: User, on: date) -> dict[str, Q]:
    """The chips besides the states: what concerns me, and scoring whose deadline has passed."""
    seat = AssessorSeat.objects.filter(assessment=OuterRef("pk"), assessor=me)
    return {
        "mine": Q(planned_by=me) | Q(Exists(seat)),
        "overdue": Q(state__in=WAITING, due_on__lt=on),
    }


def _filtered(rows: QuerySet[Assessment], request: HttpRequest, me: User, on: date) -> QuerySet[Assessment]:
    state, only = request.GET.get("state", ""), request.GET.get("only", "")
    if state in AssessmentState.values:
        rows = rows.filter(state=state)
    condition = _conditions(me, on).get(only)
    return rows if condition is None else rows.filter(condition)


def _chip_groups(
    request: HttpRequest, rows: QuerySet[Assessment], me: User, on: date
) -> list[dict[str, Any]]:
    """Counts in one pass: the states within the chosen «only», the «only» within the chosen state."""
    conditions = _conditions(me, on)
    state, only = request.GET.get("state", ""), request.GET.get("only", "")
    within = conditions.get(only, Q())
    chosen = Q(state=state) if state in AssessmentState.values else Q()
    counts = rows.aggregate(
        **{f"state_{value}": Count("pk", filter=Q(state=value) & within) for value in AssessmentState.values},
        **{f"only_{name}": Count("pk", filter=condition & chosen) for name, condition in conditions.items()},
    )
    states = [
        (s.value, str(s.label), counts[f"state_{s}"])
        for s in AssessmentState
        if counts[f"state_{s}"] or s == state
    ]
    labels = {"mine": "مربوط به من", "overdue": "مهلت گذشته"}
    onlys = [(name, labels[name], counts[f"only_{name}"]) for name in conditions]
    return [chip_group(request, "وضعیت", "state", states), chip_group(request, "تنها", "only", onlys)]


def _completed(rows: list[Assessment], me: User, on: date) -> list[Assessment]:
    """Rows with the size of their framework, and whether the person learns the assessors' names."""
    totals = indicator_counts(row.framework_id for row in rows)
    for row in rows:
        row.indicator_total = totals.get(row.framework_id, 0)  # type: ignore[attr-defined]
        row.shows_names = sight_of(me, row, row.seats.all(), on).names  # type: ignore[attr-defined]
    return rows


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
        "crumbs": [{"label": LIST_TITLE, "url": reverse("ngos:assessment_list")}, {"label": "برنامه‌ریزی"}],
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
        "crumbs": [{"label": LIST_TITLE, "url": reverse("ngos:assessment_list")}, {"label": "برنامه‌ریزی"}],
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


@require_GET
def assessment_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One assessment: where it stands, who has scored how far, moderation, the explained grade (N7, N8)."""
    assessment = one(visible(request).annotate(_open_holds=open_reasons(Assessment)), pk)
    me, at, on = person(request), moment(request), today(request)
    seats = seats_with_progress(assessment)
    sight = sight_of(me, assessment, seats, on)
    total = indicator_counts([assessment.framework_id]).get(assessment.framework_id, 0)
    board = board_of(assessment, seats) if sight.scores else None
    grade = getattr(assessment, "grade", None)
    due, due_tone = due_words(assessment, on)
    context = {
        "page_title": str(assessment),
        "crumbs": crumbs(assessment),
        "assessment": assessment,
        "sight": sight,
        "due": due,
        "due_tone": due_tone,
        "steps": stepper(assessment, on),
        "seats": [_seat_row(seat, total, sight, me) for seat in seats],
        "fact_items": _facts(assessment),
        "moderated": moderated_rows(board) if board else [],
        "agreed": agreed_rows(board) if board else [],
        "picture": grade_picture(grade.result, grade.level_label) if grade else None,
        "grade": grade,
        "letters": grade_sheets(assessment.ngo, on) if grade else [],
        "actions": _actions(assessment, seats, me, at, sight),
        "events": events_of(assessment, seats, sight, board.moderated_keys() if board else (), me, on),
    }
    return render(request, "ngos/grading/assessment_detail.html", context)


def _seat_row(seat: AssessorSeat, total: int, sight: Sight, me: User) -> dict[str, Any]:
    words, tone = progress_words(seat, total)
    return {
        "title": seat_title(seat, sight),
        "role": f"ارزیاب {seat.get_position_display()}",
        "mine": seat.assessor_id == me.pk,
        "words": words,
        "tone": tone,
        "done": total if seat.submitted_at else seat.scored,  # type: ignore[attr-defined]
        "total": total,
        "submitted_at": seat.submitted_at,
    }


def _facts(assessment: Assessment) -> list[dict[str, Any]]:
    framework = assessment.framework
    items = [
        {"label": "سمن", "value": assessment.ngo.name, "url": assessment.ngo.get_absolute_url()},
        {
            "label": "چارچوب",
            "value": f"نسخه {to_persian_digits(framework.version)}",
            "url": reverse("ngos:framework_detail", args=[framework.pk]),
        },
        {"label": "برنامه‌ریزی", "value": format_jalali(assessment.planned_at, "medium")},
    ]
    if assessment.due_on:
        items.append({"label": "مهلت امتیازدهی", "value": format_jalali(assessment.due_on, "medium")})
    return items


def _actions(
    assessment: Assessment, seats: list[AssessorSeat], me: User, at: Any, sight: Sight
) -> list[dict[str, Any]]:
    """The desks first, then the steps of the table."""
    pk, state = assessment.pk, assessment.state
    actions: list[dict[str, Any]] = []
    mine = next((seat for seat in seats if seat.assessor_id == me.pk), None)
    if state == AssessmentState.SCORING and mine is not None and mine.submitted_at is None:
        url = reverse("ngos:assessment_score", args=[pk])
        actions.append({"label": "میز امتیازدهی", "url": url, "main": True, "confirm": True, "icon": "gauge"})
    elif mine is not None and (mine.submitted_at is not None or mine.scored):  # type: ignore[attr-defined]
        url = reverse("ngos:assessment_score", args=[pk])
        actions.append({"label": "امتیازهای من", "url": url, "confirm": True})
    if state == AssessmentState.MODERATION and rules.MODERATE.authority(
        me, assessment, access.local_date(at)
    ):
        url = reverse("ngos:assessment_moderate", args=[pk])
        actions.append({"label": "هم‌سنجی", "url": url, "main": True, "confirm": True})
    steps = step_actions(ASSESSMENT, assessment, ASSESSMENT.options(assessment, me, at))
    if actions and actions[0].get("main"):
        steps = [{**step, "main": False} for step in steps]
    return actions + steps


@require_http_methods(["GET", "POST"])
def assessment_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A row of the table; confirming shows the grade exactly as it will be stored."""
    assessment = one(visible(request), pk)
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
        "crumbs": crumbs(assessment, {"label": option.label}),
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

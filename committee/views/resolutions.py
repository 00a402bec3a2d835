"""Resolutions: the register, one resolution with its announcement, and the work that carries it out (C8)."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from committee import rules
from committee.enums import ActionState, MotionKind, ResolutionState
from committee.forms.outcomes import ActionForm
from committee.models import ActionItem, Resolution
from committee.operations import actions
from committee.queries import matching_resolutions
from committee.tables.outcomes import RESOLUTION_COLUMNS, resolution_rows
from committee.views.outcomes_display import (
    action_due,
    both_signatures,
    vote_facts,
)
from committee.workflow.outcomes import ACTION, RESOLUTION
from staff_portal.kernel import access
from staff_portal.kernel.operations.holds import open_reasons
from staff_portal.kernel.operations.letters import isolated
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import attempt, chip_group, guard, moment, one, page_of, person, today
from staff_portal.kernel.views.lettercard import letter_card
from staff_portal.kernel.views.transitions import take_step, transition_actions

LIST_TITLE = "مصوبه‌ها"
NOT_FOR_YOU = "مصوبه‌های کمیته برای نقش شما باز نیست."
LATEST = ("-adopted_on", "-id")
YEAR = "number__series__jalali_year"


def visible(request: HttpRequest) -> QuerySet[Resolution]:
    """The resolutions the person may see."""
    me, on = person(request), today(request)
    if not access.has_role(me, on, *rules.RESOLUTION_READERS):
        raise NotPermitted(NOT_FOR_YOU)
    return Resolution.objects.filter(rules.resolutions_visible_to(me, on)).select_related(
        "number__series", "motion"
    )


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": LIST_TITLE, "url": reverse("committee:resolution_list")}, *more]


def _crumb(resolution: Resolution) -> dict[str, str]:
    return {
        "label": f"مصوبه {to_persian_digits(resolution.number.text)}",
        "url": resolution.get_absolute_url(),
    }


# --- the register ------------------------------------------------------------------------------------------


@require_GET
def resolution_list(request: HttpRequest) -> HttpResponse:
    """Every resolution the person may see; chips for state, kind, year and late work, search, Excel."""
    on = today(request)
    rows = matching_resolutions(visible(request), request.GET.get("q", ""))
    late = ActionItem.objects.filter(resolution=OuterRef("pk"), state=ActionState.OPEN, due_on__lt=on)
    groups = _chip_groups(request, rows.annotate(is_late=Exists(late)))
    rows = _filtered(request, rows, late).annotate(
        open_actions=Count("actions", filter=Q(actions__state=ActionState.OPEN)),
        done_actions=Count("actions", filter=Q(actions__state=ActionState.DONE)),
        late_actions=Count("actions", filter=Q(actions__state=ActionState.OPEN, actions__due_on__lt=on)),
    )
    sort = request.GET.get("sort", "")
    rows = rows.order_by(*sort_fields(RESOLUTION_COLUMNS, sort, LATEST))
    if request.GET.get("format") == "xlsx":
        return workbook_response(RESOLUTION_COLUMNS, rows[:EXPORT_LIMIT], LIST_TITLE, "resolutions")
    page = page_of(request, rows)
    context = {
        "page_title": LIST_TITLE,
        "crumbs": [{"label": LIST_TITLE}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "columns": header(RESOLUTION_COLUMNS, request, sort),
        "rows": resolution_rows(page.object_list, on),
        "chip_groups": groups,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "kind", "year", "only")),
    }
    return render(request, "committee/resolutions/list.html", context)


def _conditions(request: HttpRequest) -> dict[str, Q]:
    """What each group of chips has chosen; an unknown value chooses nothing."""
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    year = natural(request.GET.get("year", ""))
    return {
        "state": Q(state=state) if state in ResolutionState.values else Q(),
        "kind": Q(motion__kind=kind) if kind in MotionKind.values else Q(),
        "year": Q(**{YEAR: year}) if year else Q(),
    }


def _filtered(
    request: HttpRequest, rows: QuerySet[Resolution], late: QuerySet[ActionItem]
) -> QuerySet[Resolution]:
    for condition in _conditions(request).values():
        rows = rows.filter(condition)
    return rows.filter(Exists(late)) if request.GET.get("only") == "late" else rows


def _chip_groups(request: HttpRequest, rows: QuerySet[Resolution]) -> list[dict[str, Any]]:
    """Counts in one query: every group within what the other groups have chosen."""
    table = list(rows.order_by().values_list("state", "motion__kind", YEAR, "is_late").annotate(Count("pk")))
    chosen = [request.GET.get(name, "") for name in ("state", "kind", "year", "only")]
    known = (set(ResolutionState.values), set(MotionKind.values))

    def holds(row: tuple[Any, ...], place: int) -> bool:
        wanted = chosen[place]
        if place < 2:
            return wanted not in known[place] or row[place] == wanted
        if place == 2:
            year = natural(wanted)
            return not year or row[2] == year
        return wanted != "late" or row[3]

    def counts(place: int) -> dict[Any, int]:
        found: dict[Any, int] = {}
        for row in table:
            if all(holds(row, other) for other in range(4) if other != place):
                found[row[place]] = found.get(row[place], 0) + row[4]
        return found

    states, kinds, years, lates = (counts(place) for place in range(4))
    groups = [
        chip_group(request, "وضعیت", "state", _options(ResolutionState, states, chosen[0])),
        chip_group(request, "نوع", "kind", _options(MotionKind, kinds, chosen[1])),
        chip_group(
            request,
            "سال",
            "year",
            [(str(year), to_persian_digits(year), years[year]) for year in sorted(years, reverse=True)],
        ),
    ]
    if lates.get(True) or chosen[3] == "late":
        groups.append(
            chip_group(request, "تنها", "only", [("late", "پیگیری از مهلت گذشته", lates.get(True, 0))])
        )
    return [group for group in groups if group["options"]]


def _options(choices: Any, counts: dict[Any, int], chosen: str) -> list[tuple[str, str, int]]:
    return [
        (item.value, str(item.label), counts.get(item.value, 0))
        for item in choices
        if counts.get(item.value) or item.value == chosen
    ]


# --- one resolution ----------------------------------------------------------------------------------------


@require_GET
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Text, vote, both signatures, the work that follows, the letter and the timeline (C8)."""
    return _detail(request, one(visible(request), pk), None)


def _detail(request: HttpRequest, resolution: Resolution, form: ActionForm | None) -> HttpResponse:
    me, at, on = person(request), moment(request), today(request)
    motion = resolution.motion
    can_add = rules.ADD_ACTION.authority(me, resolution, on) is not None
    if form is None and can_add:
        form = ActionForm(people=actions.possible_owners(on))
    options = RESOLUTION.options(resolution, me, at)
    number = to_persian_digits(resolution.number.text)
    context = {
        "page_title": resolution.title,
        "crumbs": crumbs({"label": f"مصوبه {number}"}),
        "resolution": resolution,
        "motion_url": motion.get_absolute_url() if rules.can_view_motion(me, motion, on) else "",
        "vote_items": vote_facts(motion),
        "fact_items": _facts(resolution),
        "sides": both_signatures(resolution),
        "works": _works(request, resolution),
        "form": form,
        "form_open": form is not None and form.is_bound,
        "letter": letter_card(resolution.letter, on) if resolution.letter else None,
        "actions": transition_actions(
            options, lambda name: reverse("committee:resolution_do", args=[resolution.pk, name])
        ),
        "events": trail(resolution, me, on),
        "draft_key": f"action-{resolution.pk}",
    }
    status = 422 if form is not None and form.errors else 200
    return render(request, "committee/resolutions/detail.html", context, status=status)


def _facts(resolution: Resolution) -> list[dict[str, Any]]:
    return [
        {"label": "شماره", "value": isolated(resolution.number.text)},
        {"label": "نوع", "value": str(resolution.motion.get_kind_display())},
        {"label": "تاریخ تصویب", "value": format_jalali(resolution.adopted_on, "medium")},
        {
            "label": "ابلاغ",
            "value": format_jalali(resolution.state_since, "medium")
            if resolution.state == ResolutionState.ANNOUNCED
            else "هنوز ابلاغ نشده است",
        },
    ]


def _action_url(row: ActionItem) -> Callable[[str], str]:
    return lambda name: reverse("committee:action_do", args=[row.pk, name])


def _works(request: HttpRequest, resolution: Resolution) -> list[dict[str, Any]]:
    me, at, on = person(request), moment(request), today(request)
    rows = list(resolution.actions.select_related("owner").annotate(_open_holds=open_reasons(ActionItem)))
    works = []
    for row in rows:
        due, tone = action_due(row, on)
        options = ACTION.options(row, me, at)
        can_act = row.owner_id == me.pk or access.has_role(me, on, "secretary")
        works.append(
            {
                "row": row,
                "due": due,
                "tone": tone,
                "actions": transition_actions(options, _action_url(row)) if can_act else [],
            }
        )
    return works


@require_http_methods(["GET", "POST"])
def resolution_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """Sign the announcement for one's side; with the second signature it is issued (C8)."""
    resolution = one(visible(request), pk)
    label = RESOLUTION.transitions[transition].label if transition in RESOLUTION.transitions else ""
    return take_step(
        request,
        obj=resolution,
        workflow=RESOLUTION,
        name=transition,
        back_url=resolution.get_absolute_url(),
        done="ابلاغ امضا شد.",
        crumbs=crumbs(_crumb(resolution), {"label": label}),
        about=lambda: [*_facts(resolution)[:3], {"label": "متن مصوبه", "value": resolution.text}],
    )


# --- action items ------------------------------------------------------------------------------------------


@require_POST
def action_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a piece of work; an error shows the resolution again with what was typed."""
    resolution = one(visible(request), pk)
    guard(rules.ADD_ACTION, request, resolution)
    form = ActionForm(request.POST, people=actions.possible_owners(today(request)))
    if form.is_valid():
        made = attempt(
            form,
            lambda: actions.add_action(
                resolution, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, "پیگیری سپرده شد و عهده‌دار آگاه می‌شود.")
            return redirect(resolution.get_absolute_url())
    return _detail(request, resolution, form)


@require_http_methods(["GET", "POST"])
def action_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """Record what was done, or that it is not needed any more, with a note."""
    seen = visible(request).values("pk")
    action = one(ActionItem.objects.filter(resolution__in=seen).select_related("resolution__number"), pk)
    label = ACTION.transitions[transition].label if transition in ACTION.transitions else ""
    return take_step(
        request,
        obj=action,
        workflow=ACTION,
        name=transition,
        back_url=action.resolution.get_absolute_url(),
        crumbs=crumbs(_crumb(action.resolution), {"label": label}),
    )

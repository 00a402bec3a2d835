"""Resolutions: the register, one resolution with its announcement, and the work that carries it out (C8)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from committee import rules
from committee.models import ActionItem, Resolution
from committee.operations import resolutions
from committee.pages import resolutions as pages
from committee.views.outcomes_display import (
    action_due,
    both_signatures,
    vote_facts,
)
from committee.workflow.resolutions import ACTION, ADD, RESOLUTION
from staff_portal.kernel import access
from staff_portal.kernel.operations.holds import open_reasons
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import moment, one, person, today
from staff_portal.kernel.views.lettercard import letter_card
from staff_portal.kernel.views.waiting_display import in_hands


def visible(request: HttpRequest) -> QuerySet[Resolution]:
    """The resolutions the person may see."""
    return pages.visible(person(request), today(request))


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": pages.RESOLUTIONS.title, "url": reverse("committee:resolution_list")}, *more]


def crumbs_of(resolution: Resolution) -> list[dict[str, str]]:
    """The way to a resolution."""
    label = f"مصوبه {to_persian_digits(resolution.number.text)}"
    return crumbs({"label": label, "url": resolution.get_absolute_url()})


# --- one resolution ----------------------------------------------------------------------------------------


@require_GET
def resolution_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Text, vote, both signatures, the work that follows, the letter and the timeline (C8)."""
    return _detail(request, one(visible(request), pk), None)


def _detail(
    request: HttpRequest, resolution: Resolution, form: StepForm | None, status: int = 200
) -> HttpResponse:
    me, at, on = person(request), moment(request), today(request)
    motion = resolution.motion
    can_add = rules.ADD_ACTION.authority(me, resolution, on) is not None
    if form is None and can_add:
        form = StepForm(ADD, resolution, on)
    options = RESOLUTION.options(resolution, me, at)
    number = to_persian_digits(resolution.number.text)
    context = {
        "page_title": resolution.title,
        "crumbs": crumbs({"label": f"مصوبه {number}"}),
        "resolution": resolution,
        "motion_url": motion.get_absolute_url() if rules.can_view_motion(me, motion, on) else "",
        "vote_items": vote_facts(motion),
        "fact_items": resolutions.facts_of(resolution),
        "sides": both_signatures(resolution),
        "works": _works(request, resolution),
        "form": form,
        "form_open": form is not None and form.is_bound,
        "letter": letter_card(resolution.letter, on) if resolution.letter else None,
        "actions": step_actions(RESOLUTION, resolution, options),
        "holders": in_hands(resolution, me, on),
        "events": trail(resolution, me, on),
        "draft_key": f"action-{resolution.pk}",
    }
    return render(request, "committee/resolutions/detail.html", context, status=status)


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
                "actions": step_actions(ACTION, row, options) if can_act else [],
            }
        )
    return works


@require_POST
def action_add(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a piece of work; an error shows the resolution again with what was typed."""
    resolution = one(visible(request), pk)
    return take(
        request,
        ACTION,
        resolution,
        "add",
        back=resolution.get_absolute_url(),
        draw=lambda form, status: _detail(request, resolution, form, status),
    )

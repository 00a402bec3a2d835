"""One motion with its vote: what its page shows, and what can be done there (C5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from committee import rules, secrecy
from committee.enums import Choice, EffectState, MotionState
from committee.models import Motion
from committee.operations import motions
from committee.pages.motions import crumbs_of
from committee.views import motion_display as display
from committee.workflow.motions import COPY, MOTION, open_motions
from staff_portal.kernel.pages.requests import moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.holds import open_reasons
from staff_portal.kernel.workflow.reading import Option


def motion_of(request: HttpRequest, pk: int, *, with_holds: bool = False) -> Motion:
    """One motion among those the person may see; with what stops it, where its steps are asked for."""
    rows = open_motions(person(request), today(request))
    return one(rows.annotate(_open_holds=open_reasons(Motion)) if with_holds else rows, pk)


def crumbs(motion: Motion, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a motion and what lies below it; where one stands is no link."""
    *way, own = crumbs_of(motion)
    return [*way, own if more else {"label": own["label"]}, *more]


@require_GET
def motion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One motion: text and papers, its vote live, the result, what can be done, its timeline."""
    motion = motion_of(request, pk, with_holds=True)
    me, on = person(request), today(request)
    options = MOTION.options(motion, me, moment(request))
    context: dict[str, Any] = {
        "page_title": motion.title,
        "crumbs": crumbs(motion),
        "motion": motion,
        "fact_items": display.fact_items(motion, me, on),
        "papers": display.paper_rows(motion),
        "articles": motions.cited(motion),
        "actions": _actions(request, motion, options),
        "holders": in_hands(motion, me, on),
        "events": trail(motion, me, on),
        "successor": display.successor_of(motion),
        "resolution": getattr(motion, "resolution", None) if motion.state == MotionState.CARRIED else None,
        "set_aside": display.set_aside(motion, on),
        "is_failed": motion.effect_state == EffectState.FAILED,
    }
    if motion.state in display.VOTED:
        context |= vote_context(request, motion)
        context["ballot_box"] = _ballot_box(motion, options, context["vote"], me.pk)
    return render(request, "committee/motions/motion_detail.html", context)


def vote_context(request: HttpRequest, motion: Motion) -> dict[str, Any]:
    """What the live picture and the result show to this person."""
    me, on = person(request), today(request)
    vote = display.standing(motion, on)
    named = secrecy.may_read_choices(me, motion, on)
    centre, centre_note = display.centre_of(vote)
    return {
        "motion": motion,
        "vote": vote,
        "seats": display.seats_of(vote, me, named=named),
        "centre": centre,
        "centre_note": centre_note,
        "needed": display.needed_words(vote),
        "needs": display.needs(vote),
        "needs_title": "آنچه لازم است" if vote.is_open else "شیوه شمارش",
        "bars": display.bars(motion) if secrecy.are_counted(motion) else [],
        "sealed": display.sealed_words(motion),
        "ballots": display.ballot_rows(vote) if named else [],
        "named": named,
        "live_url": f"{reverse('committee:motion_live', args=[motion.pk])}?seen={vote.version}",
    }


def _ballot_box(
    motion: Motion, options: list[Option], vote: display.Standing, me: int
) -> dict[str, Any] | None:
    """The own vote: three buttons, or why not, or what became of it; None for who has no seat in it."""
    mine = next((row for row in vote.ballots.values() if row.voter_id == me), None)
    aside = next((row for row in vote.recusals.values() if row.seating.person_id == me), None)
    cast = next((option for option in options if option.name == "cast"), None)
    recuse = next((option for option in options if option.name == "recuse"), None)
    if mine is None and aside is None and cast is None:
        return None
    url = reverse("committee:motion_cast", args=[motion.pk])
    return {
        "cast_at": mine.cast_at if mine else None,
        "aside": aside,
        "allowed": cast is not None and cast.allowed and mine is None and aside is None,
        "reasons": list(cast.reasons) if cast else [],
        # alike in size and colour: a ballot suggests nothing
        "choices": [{"url": f"{url}?choice={choice.value}", "label": choice.label} for choice in Choice],
        "recuse_url": reverse("committee:motion_do", args=[motion.pk, "recuse"]),
        "can_recuse": recuse is not None and recuse.allowed,
        "recuse_reasons": list(recuse.reasons) if recuse else [],
    }


def _actions(request: HttpRequest, motion: Motion, options: list[Option]) -> list[dict[str, Any]]:
    """The steps of the table that make sense here; the ballot has its own box, a paper is taken off while editing."""
    me = person(request)
    hidden = {"cast", "recuse", "take_off"}
    if motion.effect_state != EffectState.FAILED:
        hidden.add("retry_effect")
    sitting = motions.sitting_of(motion) if motion.state == MotionState.TABLED else None
    hidden.add("amend" if sitting is None else "circulate")
    if motion.meeting_id:
        hidden.add("ask_meeting")
    if motion.proposed_by_id != me.pk:
        hidden |= {"edit", "withdraw"}
    actions = step_actions(MOTION, motion, [option for option in options if option.name not in hidden])
    if motion.state in motions.COPIED_FROM and rules.COPY_MOTION.authority(me, motion, today(request)):
        url = reverse("committee:motion_copy", args=[motion.pk])
        actions.append({"label": COPY.label, "url": url, "icon": "plus"})
    return actions

"""Motions: the list, writing and editing, one motion with its vote, steps, amended text, copy (C5)."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules, secrecy
from committee.enums import Choice, EffectState, MotionKind, MotionState
from committee.models import Ballot, Motion, Recusal
from committee.operations import motions
from committee.tables.motions import MOTION_COLUMNS, motion_rows
from committee.views import motion_display as display
from committee.workflow.motions import MOTION
from staff_portal.kernel.operations.holds import open_reasons
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import chip_group, moment, one, page_of, person, today
from staff_portal.kernel.views.transitions import take_step, transition_actions
from staff_portal.kernel.views.waiting_display import in_hands

LIST_TITLE = "پیشنهادها و رأی‌گیری"
NOT_FOR_YOU = "پیشنهادهای کمیته برای نقش شما باز نیست."
DONE = {
    "table": "پیشنهاد در دستور نهاده شد؛ از این پس متن آن تغییر نمی‌کند.",
    "open_vote": "رأی‌گیری آغاز شد.",
    "circulate": "رأی‌گیری مکاتبه‌ای آغاز شد و اعضا آگاه می‌شوند.",
    "close_vote": "رأی‌گیری پایان یافت؛ نتیجه در همین صفحه است.",
    "recuse": "کناره‌گیری شما ثبت شد.",
    "ask_meeting": "رأی‌گیری مکاتبه‌ای منتفی شد و همین متن برای جلسه در دستور آمد.",
    "withdraw": "پیشنهاد پس گرفته شد.",
}
#: steps with pages of their own
OWN_PAGES = {"cast": "committee:motion_cast", "amend": "committee:motion_amend"}


def visible(request: HttpRequest) -> QuerySet[Motion]:
    """The motions the person may see, or the sentence that they are for other roles."""
    if not rules.reads_committee(person(request), today(request)):
        raise NotPermitted(NOT_FOR_YOU)
    rows = Motion.objects.filter(rules.motions_visible_to(person(request), today(request)))
    return rows.select_related("proposed_by", "concerns_ngo", "meeting", "origin")


def crumbs(motion: Motion, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a motion and what lies below it."""
    own = {"label": f"پیشنهاد {to_persian_digits(motion.number)}"}
    if more:
        own["url"] = motion.get_absolute_url()
    return [{"label": LIST_TITLE, "url": reverse("committee:motion_list")}, own, *more]


# --- the list -------------------------------------------------------------------------------------------


@require_GET
def motion_list(request: HttpRequest) -> HttpResponse:
    """Every motion the person may see; chips for state, kind and the own vote that waits, search, Excel."""
    rows = visible(request)
    query = request.GET.get("q", "")
    for word in search_fold(query).split():
        rows = rows.filter(search_text__contains=word)
    mine = _awaiting_me(request)
    groups = _chip_groups(request, rows, mine)
    rows = _filtered(request, rows, mine)
    sort = request.GET.get("sort", "")
    rows = rows.order_by(*sort_fields(MOTION_COLUMNS, sort, ("-id",)))
    if request.GET.get("format") == "xlsx":
        return workbook_response(MOTION_COLUMNS, rows[:EXPORT_LIMIT], LIST_TITLE, "motions")
    page = page_of(request, rows)
    context = {
        "page_title": LIST_TITLE,
        "crumbs": [{"label": LIST_TITLE}],
        "q": query,
        "page_obj": page,
        "columns": header(MOTION_COLUMNS, request, sort),
        "rows": motion_rows(page.object_list),
        "chip_groups": groups,
        "filtered": any(request.GET.get(name) for name in ("q", "state", "kind", "only")),
        "can_propose": rules.PROPOSE_MOTION.authority(person(request), None, today(request)) is not None,
    }
    return render(request, "committee/motions/motion_list.html", context)


def _awaiting_me(request: HttpRequest) -> Q | None:
    """Open votes in which the person's seat has neither voted nor stood aside; None for who has no seat."""
    seating = rules.seating_of(person(request), today(request))
    if seating is None:
        return None
    mine = {"motion": OuterRef("pk"), "seat_code": seating.seat_code}
    voted, aside = Exists(Ballot.objects.filter(**mine)), Exists(Recusal.objects.filter(**mine))
    return Q(state=MotionState.OPEN) & ~voted & ~aside


def _chip_groups(request: HttpRequest, rows: QuerySet[Motion], mine: Q | None) -> list[dict[str, Any]]:
    states = dict(rows.order_by().values_list("state").annotate(Count("id")))
    kinds = dict(rows.order_by().values_list("kind").annotate(Count("id")))
    groups = [
        chip_group(
            request, "وضعیت", "state", [(s, str(s.label), states[s]) for s in MotionState if s in states]
        ),
        chip_group(request, "نوع", "kind", [(k, str(k.label), kinds[k]) for k in MotionKind if k in kinds]),
    ]
    if mine is not None:
        waiting = rows.filter(mine).count()
        if waiting or request.GET.get("only"):
            groups.insert(0, chip_group(request, "تنها", "only", [("mine", "در انتظار رأی من", waiting)]))
    return [group for group in groups if group["options"]]


def _filtered(request: HttpRequest, rows: QuerySet[Motion], mine: Q | None) -> QuerySet[Motion]:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    if state in MotionState.values:
        rows = rows.filter(state=state)
    if kind in MotionKind.values:
        rows = rows.filter(kind=kind)
    if request.GET.get("only") == "mine":
        rows = rows.filter(mine) if mine is not None else rows.none()
    return rows


# --- one motion -----------------------------------------------------------------------------------------


@require_GET
def motion_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One motion: text and papers, its vote live, the result, what can be done, its timeline."""
    motion = one(visible(request).annotate(_open_holds=open_reasons(Motion)), pk)
    me, on = person(request), today(request)
    options = MOTION.options(motion, me, moment(request))
    context: dict[str, Any] = {
        "page_title": motion.title,
        "crumbs": crumbs(motion),
        "motion": motion,
        "fact_items": display.fact_items(motion, me, on),
        "papers": display.paper_rows(motion),
        "articles": list(motion.articles.select_related("document")),
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


def _ballot_box(motion: Motion, options: list[Any], vote: display.Standing, me: int) -> dict[str, Any] | None:
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


def _actions(request: HttpRequest, motion: Motion, options: list[Any]) -> list[dict[str, Any]]:
    """The steps of the table that make sense here, then editing and copying."""
    me, on = person(request), today(request)
    hidden = {"cast", "recuse"}
    if motion.effect_state != EffectState.FAILED:
        hidden.add("retry_effect")
    sitting = motions.sitting_of(motion) if motion.state == MotionState.TABLED else None
    if sitting is None:
        hidden.add("amend")
    if motion.meeting_id:
        hidden.add("ask_meeting")
    if motion.proposed_by_id != me.pk:
        hidden.add("withdraw")

    def url_for(name: str) -> str:
        if name in OWN_PAGES:
            return reverse(OWN_PAGES[name], args=[motion.pk])
        return reverse("committee:motion_do", args=[motion.pk, name])

    actions = transition_actions([option for option in options if option.name not in hidden], url_for)
    if sitting is not None:
        actions = [action for action in actions if action["url"] != url_for("circulate")]
    if motion.state == MotionState.DRAFT and rules.EDIT_MOTION.authority(me, motion, on):
        url = reverse("committee:motion_edit", args=[motion.pk])
        actions.insert(0, {"label": "ویرایش", "url": url, "confirm": True, "icon": "edit"})
    if motion.state in motions.COPIED_FROM and rules.COPY_MOTION.authority(me, motion, on):
        url = reverse("committee:motion_copy", args=[motion.pk])
        actions.append({"label": "پیشنهاد تازه از روی این", "url": url, "icon": "plus"})
    return actions


@require_http_methods(["GET", "POST"])
def motion_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A step of the table."""
    motion = one(visible(request), pk)
    row = MOTION.transitions.get(transition)
    if row is None:
        raise Http404
    if transition in OWN_PAGES:
        return redirect(OWN_PAGES[transition], pk)
    return take_step(
        request,
        obj=motion,
        workflow=MOTION,
        name=transition,
        back_url=motion.get_absolute_url(),
        done=DONE.get(transition, ""),
        crumbs=crumbs(motion, {"label": row.label}),
    )

"""One motion with its vote: what its page shows, and what can be done there (C5)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from committee import rules, secrecy
from committee.enums import Choice, EffectState, MotionKind, MotionState
from committee.models import Motion
from committee.operations import motions
from committee.pages import motion_display as display
from committee.pages.motions import crumbs_of
from committee.workflow.motions import COPY, MOTION, open_motions
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.records import Look, Note, Part, RecordPage, glance, own_badge
from staff_portal.kernel.pages.requests import one, person, today
from staff_portal.kernel.pages.steps import step_actions
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.workflow.holds import open_reasons


def visible(user: User, on: date) -> QuerySet[Motion]:
    """The motions the person may see, with what stops them."""
    return open_motions(user, on).annotate(_open_holds=open_reasons(Motion))


def motion_of(request: HttpRequest, pk: int) -> Motion:
    """One motion among those the person may see."""
    return one(visible(person(request), today(request)), pk)


def crumbs(motion: Motion, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a motion and what lies below it."""
    return [*crumbs_of(motion), *more]


# --- head ----------------------------------------------------------------------------------------------------


def _badges(motion: Motion, look: Look) -> list[tuple[str, str]]:
    return [*own_badge(motion, look), *([("متن اصلاح‌شده", "go")] if motion.is_amendment else [])]


def _meta(motion: Motion) -> list[str]:
    kind = "" if motion.kind == MotionKind.OTHER else f"، {motion.get_kind_display()}"
    return [f"پیشنهاد {to_persian_digits(motion.number)}{kind}"]


def _notes(motion: Motion, look: Look) -> Iterator[Note]:
    if motion.effect_state == EffectState.FAILED:
        again = "رأی پابرجاست؛ سبب را برطرف کنید و «اجرای دوباره پیامد» را بزنید."
        yield Note("no", [motion.effect_note, again], "پیامد این رأی اجرا نشده است")
    successor = display.successor_of(motion)
    if successor is not None:
        said = (
            "متن اصلاح‌شده این پیشنهاد به رأی گذاشته شد"
            if successor.is_amendment
            else "همین متن دوباره در دستور است"
        )
        link = (successor.get_absolute_url(), f"پیشنهاد {to_persian_digits(successor.number)}")
        yield Note("go", [f"{said}:"], link=link)
    if motion.outcome_reason and motion.state == MotionState.WITHDRAWN:
        yield Note("neutral", [motion.outcome_reason], "پس‌گرفته‌شده")
    aside = display.set_aside(motion, look.on)
    if aside:
        yield Note("go", aside, "هنگام آغاز رأی‌گیری کنار گذاشته می‌شوند")


def _actions(motion: Motion, look: Look) -> list[dict[str, Any]]:
    """The steps of the table that make sense here; the ballot has its own box, a paper is taken off while editing."""
    hidden = {"cast", "recuse", "take_off"}
    if motion.effect_state != EffectState.FAILED:
        hidden.add("retry_effect")
    sitting = motions.sitting_of(motion) if motion.state == MotionState.TABLED else None
    hidden.add("amend" if sitting is None else "circulate")
    if motion.meeting_id:
        hidden.add("ask_meeting")
    if motion.proposed_by_id != look.me.pk:
        hidden |= {"edit", "withdraw"}
    actions = step_actions(MOTION, motion, [option for option in look.options if option.name not in hidden])
    if motion.state in motions.COPIED_FROM and rules.COPY_MOTION.authority(look.me, motion, look.on):
        url = reverse("committee:motion_copy", args=[motion.pk])
        actions.append({"label": COPY.label, "url": url, "icon": "plus"})
    return actions


# --- the vote ------------------------------------------------------------------------------------------------


def vote_context(motion: Motion, look: Look) -> dict[str, Any] | None:
    """What the live picture and the result show to this person; None of a motion that was never voted on."""
    return look.once("vote", lambda: _vote(motion, look)) if motion.state in display.VOTED else None


def _vote(motion: Motion, look: Look) -> dict[str, Any]:
    vote = display.standing(motion, look.on)
    named = secrecy.may_read_choices(look.me, motion, look.on)
    centre, centre_note = display.centre_of(vote)
    return {
        "motion": motion,
        "vote": vote,
        "seats": display.seats_of(vote, look.me, named=named),
        "centre": centre,
        "centre_note": centre_note,
        "needed": display.needed_words(vote),
        "needs_title": "آنچه لازم است" if vote.is_open else "شیوه شمارش",
        "needs": display.needs(vote),
        "bars": display.bars(motion) if secrecy.are_counted(motion) else [],
        "sealed": display.sealed_words(motion),
        "ballots": display.ballot_rows(vote) if named else [],
        "named": named,
        "resolution": getattr(motion, "resolution", None) if motion.state == MotionState.CARRIED else None,
        "live_url": f"{reverse('committee:motion_live', args=[motion.pk])}?seen={vote.version}",
    }


def _ballot_box(motion: Motion, look: Look) -> dict[str, Any] | None:
    """The own vote: three buttons, or why not, or what became of it; None for who has no seat in it."""
    context = vote_context(motion, look)
    if context is None:
        return None
    vote: display.Standing = context["vote"]
    offered = {option.name: option for option in look.options}
    mine = next((row for row in vote.ballots.values() if row.voter_id == look.me.pk), None)
    aside = next((row for row in vote.recusals.values() if row.seating.person_id == look.me.pk), None)
    cast, recuse = offered.get("cast"), offered.get("recuse")
    if mine is None and aside is None and cast is None:
        return None
    url = reverse("committee:motion_cast", args=[motion.pk])
    return {
        "motion": motion,
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


def _articles(motion: Motion, look: Look) -> dict[str, Any] | None:
    found = motions.cited(motion)
    return {"articles": found} if found else None


MOTION_PAGE = RecordPage(
    table=MOTION,
    name="committee:motion_detail",
    visible=visible,
    crumbs=crumbs_of,
    badges=_badges,
    meta=_meta,
    notes=_notes,
    actions=_actions,
    main=(
        Part("کرسی‌های کمیته", "committee/motions/live.html", vote_context, bare=True),
        Part("رأی‌ها", "committee/motions/ballots.html", vote_context, bare=True),
        Part("متن پیشنهاد", "committee/motions/text.html", lambda row, look: {"motion": row}, anchor="text"),
        Part("پیوست‌ها", "kernel/parts/papers.html", lambda row, look: {"papers": display.paper_rows(row)}),
        Part("به استناد", "committee/motions/articles.html", _articles),
    ),
    side=(
        Part("رأی شما", "committee/motions/ballot_box.html", _ballot_box, bare=True),
        Part("نتیجه", "committee/motions/result.html", vote_context, bare=True),
        Part("شیوه شمارش", "committee/motions/needs.html", vote_context, bare=True),
        glance(lambda row, look: display.fact_items(row, look.me, look.on)),
    ),
    styles="css/motions.css",
    page_class="vote-page",
)

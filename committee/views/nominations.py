"""Nomination rounds: beginning one, one round with its three nominees, its steps (M7, C2, C3)."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules, secrecy
from committee.enums import RoundState
from committee.forms.nominations import PrepareForm
from committee.models import NominationRound
from committee.operations import nominations, round_calls
from committee.pages import nominations as pages
from committee.views.nominations_display import (
    OVER,
    Picture,
    ballot_rows,
    cards,
    circle,
    clock_words,
    facts,
    picture_of,
    proof_card,
    stepper,
)
from committee.workflow.nominations import PREPARE, ROUND
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.reading import Option


def visible(request: HttpRequest) -> QuerySet[NominationRound]:
    """The rounds the person may see, else a page that says why not."""
    return pages.visible(person(request), today(request))


def crumbs(nomination: NominationRound | None, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to a round and what lies below it."""
    way: list[dict[str, str]] = [
        {"label": "کمیته مشترک", "url": reverse("committee:home")},
        {"label": "معرفی نامزد", "url": reverse("committee:nomination_list")},
    ]
    if nomination is not None:
        own = {"label": f"دور {to_persian_digits(nomination.number)}"}
        way.append({**own, "url": nomination.get_absolute_url()} if more else own)
    return [*way, *more]


# --- beginning one ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def nomination_new(request: HttpRequest) -> HttpResponse:
    """HQ's expert begins a round for a seat that calls for one; else the page says why there is none."""
    guard(rules.PREPARE_ROUND, request)
    found = round_calls.calls(today(request))
    free = [call for call in found if call.running is None]
    form = PrepareForm(
        request.POST or None,
        seats=[
            (str(call.seat.pk), f"سمن‌ها، دوره {to_persian_digits(call.seat.term.number)}") for call in free
        ],
    )
    if request.method == "POST" and form.is_valid():
        seat = next(call.seat for call in free if str(call.seat.pk) == form.cleaned_data["seat"])
        made = attempt(form, lambda: ROUND.apply(seat, "prepare", actor=person(request), at=moment(request)))
        if made is not None:
            messages.success(request, PREPARE.done)
            return redirect(made.get_absolute_url())
    running = next((call.running for call in found if call.running is not None), None)
    context = {
        "page_title": "آغاز معرفی نامزد",
        "crumbs": crumbs(None, {"label": "دور تازه"}),
        "form": form if free else None,
        "calls": free,
        "running": running,
        "why_not": round_calls.why_no_round(found),
        "submit_label": "آغاز دور",
        "cancel_url": reverse("committee:nomination_list"),
    }
    refused = request.method == "POST" and (form.errors or not free)
    return render(request, "committee/nominations/new.html", context, status=422 if refused else 200)


# --- one round -----------------------------------------------------------------------------------------------


def round_of(request: HttpRequest, pk: int) -> NominationRound:
    """One round among those the person may see."""
    return one(visible(request).select_related("prepared_by", "sealed_by", "decided_by", "proof__number"), pk)


@require_GET
def nomination_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round: path, clock, the three side by side, who has voted, after the end every ballot (C2, C3)."""
    nomination = round_of(request, pk)
    me, on = person(request), today(request)
    picture = picture_of(nomination, me, on)
    options = ROUND.options(nomination, me, moment(request))
    allowed = [option.name for option in options if option.allowed]
    clock, clock_tone = clock_words(picture, on)
    mine = _own_choice(picture, me.pk)
    context = {
        "page_title": to_persian_digits(str(nomination)),
        "crumbs": crumbs(nomination),
        "nomination": nomination,
        "clock": clock,
        "clock_tone": clock_tone,
        "steps": stepper(nomination),
        "cards": cards(picture, me, on, allowed),
        "circle": circle(picture, me) if nomination.sealed_on else [],
        "voted": f"{to_persian_digits(len(picture.ballots))} از ۴",
        "ballots": ballot_rows(picture),
        "sealed": to_persian_digits(len(picture.ballots)) if secrecy.are_sealed(nomination) else "",
        "head_reason": picture.standing.head_reason if nomination.state == RoundState.OPEN else "",
        "mine": mine,
        "over": nomination.state in OVER,
        "fact_items": facts(picture),
        "proof": proof_card(nomination),
        "actions": _actions(request, picture, options, has_voted=bool(mine)),
        "can_add": _may_add(request, nomination),
        "holders": in_hands(nomination, me, on),
        "events": trail(nomination, me, on),
    }
    return render(request, "committee/nominations/detail.html", context)


def _own_choice(picture: Picture, me: int) -> str:
    own = picture.own_choice(me)
    return own.ngo.name if own else ""


def _may_add(request: HttpRequest, nomination: NominationRound) -> bool:
    may = rules.EDIT_NOMINEES.authority(person(request), nomination, today(request)) is not None
    return may and nomination.state == RoundState.PREPARING


def _actions(
    request: HttpRequest, picture: Picture, options: list[Option], *, has_voted: bool
) -> list[dict[str, Any]]:
    """Steps of the round; who has voted reads that in the page and needs no greyed button for it."""
    nomination = picture.nomination
    shown = [option for option in options if not (has_voted and option.name == "cast")]
    steps = step_actions(ROUND, nomination, shown)
    if not _may_add(request, nomination):
        return steps
    url = reverse("committee:nominee_add", args=[nomination.pk])
    wanted = len(picture.nominees) < nominations.THREE
    return [{"label": "افزودن نامزد", "url": url, "main": wanted, "confirm": True, "icon": "plus"}, *steps]


@require_http_methods(["GET", "POST"])
def nomination_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A step of the table; voting and deciding show the three as cards to choose from, also when refused."""
    nomination = round_of(request, pk)
    chooses = transition in ("cast", "decide") and nomination.state == RoundState.OPEN
    if request.method == "GET" and chooses:
        option = ROUND.option(nomination, transition, person(request), moment(request))
        if option is not None and option.allowed:
            form = StepForm(option.row, nomination, today(request))
            return _choose(request, nomination, transition, form, 200)
    return take(
        request,
        ROUND,
        nomination,
        transition,
        crumbs=lambda row: crumbs(row, {})[:-1],
        draw=(lambda form, status: _choose(request, nomination, transition, form, status))
        if chooses
        else None,
    )


def _choose(
    request: HttpRequest,
    nomination: NominationRound,
    name: str,
    form: StepForm,
    status: int,
) -> HttpResponse:
    """The page on which a member votes or the deputy's head decides; a refused form stands there as it was sent."""
    me, on = person(request), today(request)
    picture = picture_of(nomination, me, on)
    row = ROUND.rows[name]
    wanted = natural((request.POST if form.is_bound else request.GET).get("nominee", ""))
    clock, clock_tone = clock_words(picture, on) if name == "cast" else ("", "")
    found = cards(picture, me, on, [])
    note_field = form["note"] if row.note else form["reason"]
    if row.note:
        note_field.help_text = "این دلیل در برگه اثبات انتخاب می‌آید."
    seating = rules.seating_of(me, on)
    context = {
        "page_title": "رأی به یکی از سه نامزد" if name == "cast" else row.label,
        "crumbs": crumbs(nomination, {"label": row.label}),
        "nomination": nomination,
        "sentence": row.confirm,
        "advisory": name == "cast" and seating is not None and seating.seat_code in ("hq1", "hq2"),
        "head_reason": picture.standing.head_reason if name == "decide" else "",
        "clock": clock,
        "clock_tone": clock_tone,
        "choices": [
            {**card, "pk": nominee.pk, "checked": nominee.pk == wanted}
            for nominee, card in zip(picture.nominees, found, strict=True)
        ],
        "form": form,
        "note_field": note_field,
        "ballots": ballot_rows(picture) if name == "decide" else [],
        "submit_label": "ثبت رأی" if name == "cast" else "ثبت تصمیم",
        "cancel_url": nomination.get_absolute_url(),
        "draft_key": f"nomination-{nomination.pk}-{name}" if row.note else "",
    }
    return render(request, "committee/nominations/choose.html", context, status=status)

"""Nomination rounds: the list, beginning one, one round with its three nominees, its steps (M7, C2, C3)."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules, secrecy
from committee.enums import RoundState
from committee.forms.nominations import PrepareForm
from committee.models import NominationRound, Nominee
from committee.operations import nominations
from committee.tables.nominations import ROUND_COLUMNS, round_rows
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
from committee.workflow.nominations import ROUND
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.search import search_fold
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.tables import EXPORT_LIMIT, header, sort_fields, workbook_response
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.transition_forms import TransitionForm
from staff_portal.kernel.views.asking import (
    attempt,
    chip_group,
    export_url,
    guard,
    moment,
    one,
    page_of,
    person,
    today,
)
from staff_portal.kernel.views.transitions import take_step, transition_actions
from staff_portal.kernel.views.waiting_display import in_hands
from staff_portal.kernel.workflow import Option

TITLE = "معرفی نامزد کرسی سمن‌ها"
NOT_FOR_YOU = "معرفی نامزد کمیته برای نقش شما باز نیست."
DONE = {
    "seal": "سه نامزد نهایی شد و نمایندگان آگاه شدند.",
    "cast": "رأی شما ثبت شد.",
    "decide": "سمن برگزیده از فردا، یا از آغاز دوره، در کرسی است و برگه اثبات انتخاب صادر شد.",
    "void": "دور باطل شد.",
}


def visible(request: HttpRequest) -> QuerySet[NominationRound]:
    """The rounds the person may see, else a page that says why not."""
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return NominationRound.objects.filter(rules.rounds_visible_to(me, on)).select_related(
        "seat__term", "chosen__ngo"
    )


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


# --- the list ------------------------------------------------------------------------------------------------


@require_GET
def nomination_list(request: HttpRequest) -> HttpResponse:
    """Every round; chips for the state, search by a nominee's name, Excel."""
    rows = visible(request)
    for word in search_fold(request.GET.get("q", "")).split():
        rows = rows.filter(pk__in=Nominee.objects.filter(ngo__search_text__contains=word).values("round"))
    counts = rows.aggregate(
        **{f"state_{value}": Count("pk", filter=Q(state=value)) for value in RoundState.values}
    )
    state = request.GET.get("state", "")
    if state in RoundState.values:
        rows = rows.filter(state=state)
    sort = request.GET.get("sort", "")
    named = Prefetch("nominees", queryset=Nominee.objects.select_related("ngo").order_by("id"))
    rows = rows.order_by(*sort_fields(ROUND_COLUMNS, sort, ("-number", "-id"))).prefetch_related(named)
    if request.GET.get("format") == "xlsx":
        return workbook_response(ROUND_COLUMNS, list(rows[:EXPORT_LIMIT]), TITLE, "nominations")
    on = today(request)
    page = page_of(request, rows)
    states = [
        (s.value, str(s.label), counts[f"state_{s}"])
        for s in RoundState
        if counts[f"state_{s}"] or s == state
    ]
    context = {
        "page_title": TITLE,
        "crumbs": [*crumbs(None)[:1], {"label": "معرفی نامزد"}],
        "q": request.GET.get("q", ""),
        "page_obj": page,
        "columns": header(ROUND_COLUMNS, request, sort),
        "rows": round_rows(page.object_list, on),
        "chip_groups": [chip_group(request, "وضعیت", "state", states)],
        "filtered": any(request.GET.get(name) for name in ("q", "state")),
        "export_url": export_url(request),
        "actions": _list_actions(request),
    }
    return render(request, "committee/nominations/list.html", context)


def _list_actions(request: HttpRequest) -> list[dict[str, Any]]:
    """Beginning a round, for whom it is; greyed with the reason while one runs or no seat calls for one."""
    on = today(request)
    if rules.PREPARE_ROUND.authority(person(request), None, on) is None:
        return []
    why_not = nominations.why_no_round(nominations.calls(on))
    return [
        {
            "label": "آغاز معرفی نامزد",
            "url": reverse("committee:nomination_new"),
            "main": True,
            "icon": "plus",
            "confirm": True,
            "reasons": [why_not] if why_not else [],
        }
    ]


@require_http_methods(["GET", "POST"])
def nomination_new(request: HttpRequest) -> HttpResponse:
    """HQ's expert begins a round for a seat that calls for one; else the page says why there is none."""
    guard(rules.PREPARE_ROUND, request)
    found = nominations.calls(today(request))
    free = [call for call in found if call.running is None]
    form = PrepareForm(
        request.POST or None,
        seats=[
            (str(call.seat.pk), f"سمن‌ها، دوره {to_persian_digits(call.seat.term.number)}") for call in free
        ],
    )
    if request.method == "POST" and form.is_valid():
        seat = next(call.seat for call in free if str(call.seat.pk) == form.cleaned_data["seat"])
        made = attempt(
            form, lambda: nominations.prepare_round(actor=person(request), at=moment(request), seat=seat)
        )
        if made is not None:
            messages.success(request, "دور معرفی آغاز شد؛ سه سمن را نامزد کنید.")
            return redirect(made.get_absolute_url())
    running = next((call.running for call in found if call.running is not None), None)
    context = {
        "page_title": "آغاز معرفی نامزد",
        "crumbs": crumbs(None, {"label": "دور تازه"}),
        "form": form if free else None,
        "calls": free,
        "running": running,
        "why_not": nominations.why_no_round(found),
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
    steps = transition_actions(
        shown, lambda name: reverse("committee:nomination_do", args=[nomination.pk, name])
    )
    if not _may_add(request, nomination):
        return steps
    url = reverse("committee:nominee_add", args=[nomination.pk])
    wanted = len(picture.nominees) < nominations.THREE
    return [{"label": "افزودن نامزد", "url": url, "main": wanted, "confirm": True, "icon": "plus"}, *steps]


@require_http_methods(["GET", "POST"])
def nomination_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """A step of the table; voting and deciding show the three as cards to choose from, also when refused."""
    nomination = round_of(request, pk)
    row = ROUND.transitions.get(transition)
    chooses = transition in ("cast", "decide") and nomination.state == RoundState.OPEN
    if request.method == "GET" and chooses:
        options = ROUND.options(nomination, person(request), moment(request))
        if any(option.name == transition and option.allowed for option in options):
            return _choose(request, nomination, transition)
    return take_step(
        request,
        obj=nomination,
        workflow=ROUND,
        name=transition,
        back_url=nomination.get_absolute_url(),
        done=DONE.get(transition, ""),
        crumbs=crumbs(nomination, {"label": row.label if row else ""}),
        own_page=(lambda form, status: _choose(request, nomination, transition, form, status))
        if chooses
        else None,
    )


def _choose(
    request: HttpRequest,
    nomination: NominationRound,
    name: str,
    refused: TransitionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page on which a member votes or the deputy's head decides; a refused form stands there as it was sent."""
    me, on = person(request), today(request)
    picture = picture_of(nomination, me, on)
    row = ROUND.transitions[name]
    wanted = natural((request.GET if refused is None else request.POST).get("nominee", ""))
    clock, clock_tone = clock_words(picture, on) if name == "cast" else ("", "")
    found = cards(picture, me, on, [])
    form = refused or TransitionForm(row, nomination)
    if row.needs_note:
        form["note"].help_text = "این دلیل در برگه اثبات انتخاب می‌آید."
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
        "submit_label": "ثبت رأی" if name == "cast" else "ثبت تصمیم",
        "cancel_url": nomination.get_absolute_url(),
        "draft_key": f"nomination-{nomination.pk}-{name}" if row.needs_note else "",
    }
    return render(request, "committee/nominations/choose.html", context, status=status)

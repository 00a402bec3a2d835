"""Nomination rounds: beginning one, one round with its three nominees, its steps (M7, C2, C3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from committee import rules
from committee.enums import RoundState
from committee.forms.nominations import PrepareForm
from committee.models import NominationRound
from committee.operations import round_calls
from committee.pages.nominations_display import ballot_rows, cards, clock_words, picture_of
from committee.pages.round import crumbs_of, visible
from committee.workflow.nominations import PREPARE, ROUND
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import attempt, guard, moment, one, person, today
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.persian.digits import natural, to_persian_digits


def crumbs(nomination: NominationRound | None, *more: dict[str, str]) -> list[dict[str, str]]:
    """The way to what lies below a round, or beside it."""
    return [*crumbs_of(nomination), *more]


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
    return one(visible(person(request), today(request)), pk)


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
        crumbs=crumbs_of,
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

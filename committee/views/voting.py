"""Casting the one ballot, finding it again by its receipt, the live picture of an open vote (C5, C7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from committee import chain, rules, secrecy
from committee.enums import Choice, MotionState, VotingMode
from committee.forms.motions import CastForm, ReceiptForm
from committee.models import Ballot, Motion
from committee.operations.ballot_ledger import stored_link
from committee.pages.motion import crumbs, motion_of, vote_context
from committee.workflow.motions import MOTION, cast
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.pages.records import Look
from staff_portal.kernel.pages.requests import attempt, moment, person, today
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

#: the session keeps the code of the last ballot until it was shown once
FRESH = "motion_receipt"
SEALED_WHEN_ASKED = "اگر عضوی به جای مکاتبه جلسه بخواهد، رأی‌های داده‌شده برای همیشه پنهان می‌ماند."


@require_http_methods(["GET", "POST"])
def motion_cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Choice, reason, confirmation; afterwards the receipt is shown once."""
    motion = motion_of(request, pk)
    form = CastForm(request.POST or None, initial={"choice": request.GET.get("choice", "")})
    if request.method == "POST":
        if form.is_valid():
            ballot = attempt(form, lambda: cast(motion, **_cast(request, form)))
            if ballot is not None:
                request.session[FRESH] = {"motion": motion.pk, "code": ballot.receipt}
                return redirect("committee:motion_receipt", motion.pk)
        elif rules.CAST.authority(person(request), motion, today(request)) is None:
            MOTION.apply(
                motion, "cast", actor=person(request), at=moment(request)
            )  # refuses and keeps the attempt
    context = {
        "page_title": f"رأی به «{motion.title}»",
        "crumbs": crumbs(motion, {"label": "رأی‌دادن"}),
        "motion": motion,
        "form": form,
        "sentence": "رأی شما پس از ثبت تغییر نمی‌کند و حذف نمی‌شود.",
        "consequences": [
            "تا پایان رأی‌گیری تنها دیده می‌شود که رأی داده‌اید؛ پس از آن، اعضا و ناظر شورا رأی هر کرسی را می‌بینند.",
            *([SEALED_WHEN_ASKED] if motion.mode == VotingMode.CIRCULATION else []),
            "کد رهگیری رأی یک بار به شما نشان داده می‌شود.",
        ],
        "reasons": [] if request.method == "POST" else _reasons(request, motion),
        "submit_label": "ثبت رأی",
        "cancel_url": motion.get_absolute_url(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "committee/motions/motion_cast.html", context, status=status)


def _cast(request: HttpRequest, form: CastForm) -> dict[str, Any]:
    cleaned = form.cleaned_data
    return {
        "actor": person(request),
        "at": moment(request),
        "choice": cleaned["choice"],
        "reason": cleaned["reason"] or "",
    }


def _reasons(request: HttpRequest, motion: Motion) -> list[str]:
    """What stands against voting now; somebody without a seat is told so on a page of its own."""
    me = person(request)
    option = MOTION.option(motion, "cast", me, moment(request)) if motion.state == MotionState.OPEN else None
    if option is not None:
        return list(option.reasons)
    if rules.seating_of(me, today(request)) is None:
        raise NotPermitted("رأی‌دادن با کسی است که اکنون در کمیته کرسی دارد.")
    if motion.state == MotionState.OPEN:
        return [rules.CAST.decide(me, motion, today(request))[1]]
    return [f"وضعیت کنونی «{motion.get_state_display()}» است و رأی گرفته نمی‌شود."]


@require_http_methods(["GET", "POST"])
def motion_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The code just after voting, once; later the own ballot by its code. Nobody finds another's."""
    motion = motion_of(request, pk)
    if not rules.is_member(person(request), today(request)):
        raise NotPermitted("با کد رهگیری تنها کسی رأی خود را می‌یابد که رأی داده است.")
    form = ReceiptForm(request.POST or None)
    found = None
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        found = Ballot.objects.filter(motion=motion, voter=person(request), receipt=code).first()
        if found is None:
            form.add_error("code", "رأیی از شما با این کد در این پیشنهاد نیست؛ کد را از رسید خود بخوانید.")
    context = {
        "page_title": "رسید رأی",
        "crumbs": crumbs(motion, {"label": "رسید رأی"}),
        "motion": motion,
        "form": form,
        "fresh": _fresh_code(request, motion) if request.method == "GET" else "",
        "has_voted": motion.ballots.filter(voter=person(request)).exists(),
        "ballot": found,
        "fact_items": _ballot_facts(motion, found) if found else [],
        "holds": _holds(motion, found) if found else False,
        "sealed": secrecy.are_sealed(motion),
        "cancel_url": motion.get_absolute_url(),
    }
    return render(
        request, "committee/motions/motion_receipt.html", context, status=422 if form.errors else 200
    )


def _fresh_code(request: HttpRequest, motion: Motion) -> str:
    kept = request.session.get(FRESH) or {}
    if kept.get("motion") != motion.pk:
        return ""
    del request.session[FRESH]
    return chain.grouped_receipt(str(kept["code"]))


def _ballot_facts(motion: Motion, ballot: Ballot) -> list[dict[str, Any]]:
    """The own ballot; of one sealed for good only that it stands in the chain (C5, C7)."""
    named = [
        {"label": "رأی", "value": str(Choice(ballot.choice).label)},
        {"label": "دلیل", "value": ballot.reason or "نوشته نشده"},
    ]
    return [
        *([] if secrecy.are_sealed(motion) else named),
        {"label": "زمان", "value": format_jalali(ballot.cast_at, "moment")},
        {"label": "جایگاه در زنجیره", "value": to_persian_digits(ballot.sequence)},
        {"label": "اثر انگشت رأی", "value": ballot.hash, "hash": True},
        {"label": "پیوسته به", "value": ballot.previous_hash, "hash": True},
    ]


def _holds(motion: Motion, ballot: Ballot) -> bool:
    """Whether the chain up to and beyond this ballot recomputes to what is stored (C7)."""
    rows = [stored_link(row) for row in motion.ballots.order_by("sequence")]
    if chain.first_broken(motion.text_hash, rows) is not None:
        return False
    return motion.state == MotionState.OPEN or motion.last_hash == rows[-1].hash


@require_GET
def motion_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of the vote, asked for every few seconds; 204 while nothing has changed."""
    motion = motion_of(request, pk)
    look = Look(request, person(request), moment(request), today(request))
    picture = vote_context(motion, look)
    if picture is None:
        return redirect(motion.get_absolute_url())
    if request.GET.get("seen") == picture["vote"].version:
        return HttpResponse(status=204)
    return render(request, "committee/motions/live.html", {"data": {**picture, "is_alone": True}})

"""The committee's home with its five seats, terms, appointments and the memorandum (M6, C1)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.models import Memorandum, Seat, Seating, Term
from committee.pages.seats_display import circle_of, open_work, term_badge
from committee.pages.terms import TITLE, home_crumbs, term_crumbs
from committee.queries import running_term, sitting
from committee.workflow.seats import SEATING
from committee.workflow.terms import NOT_FOR_YOU, TERM, term_page
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.requests import guard, one, person, today
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali


def _admit(request: HttpRequest) -> tuple[User, date]:
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return me, on


def memorandum_crumbs(parent: None) -> list[dict[str, str]]:
    """The way to the memorandum."""
    return home_crumbs({"label": "تفاهم‌نامه", "url": reverse("committee:memorandum")})


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Who sits today as a half circle, who chairs, and what is open; without a term what is to be done first."""
    me, on = _admit(request)
    term = running_term(on)
    seatings = sitting(on)
    groups = open_work(me, on)
    context = {
        "page_title": TITLE,
        "crumbs": [{"label": TITLE}],
        "term": term,
        "term_badge": term_badge(term, term, on) if term else None,
        "circle": circle_of(seatings, term, me, on),
        "seated": len(seatings),
        "groups": groups[:2],
        "below": groups[2:],
        "proposed": Term.objects.filter(state="proposed").first(),
        "can_propose": rules.PROPOSE_TERM.authority(me, None, on) is not None,
        "memorandum": Memorandum.objects.first(),
    }
    return render(request, "committee/seats/home.html", context)


# --- memorandum --------------------------------------------------------------------------------------------


@require_GET
def memorandum(request: HttpRequest) -> HttpResponse:
    """The memorandum in force with its clauses and their owners."""
    me, on = _admit(request)
    found = Memorandum.objects.prefetch_related("clauses").first()
    context = {
        "page_title": found.title if found else "تفاهم‌نامه مشترک",
        "crumbs": home_crumbs({"label": "تفاهم‌نامه"}),
        "memorandum": found,
        "fact_items": [
            {"label": "شماره", "value": to_persian_digits(found.number)},
            {"label": "تاریخ امضا", "value": format_jalali(found.signed_on, "medium")},
            {"label": "اعتبار تا", "value": format_jalali(last_day(found.period) or on, "medium")},
            {"label": "امضاکننده ستاد سمن‌ها", "value": found.hq_signatory},
            {"label": "امضاکننده معاونت", "value": found.deputy_signatory},
            {"label": "شیوه تمدید", "value": found.extension},
        ]
        if found
        else [],
        "can_record": rules.RECORD_MEMORANDUM.authority(me, None, on) is not None,
    }
    return render(request, "committee/seats/memorandum.html", context)


# --- terms -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def term_new(request: HttpRequest) -> HttpResponse:
    """One head proposes a term; the other one opens it (C1). Without a memorandum that one comes first."""
    guard(rules.PROPOSE_TERM, request)
    found = Memorandum.objects.first()
    if found is None:
        messages.warning(request, "نخست تفاهم‌نامه را ثبت کنید؛ هر دوره به آن استناد می‌کند.")
        return redirect("committee:memorandum_new")
    return take(request, TERM, found, "propose", crumbs=lambda memorandum: home_crumbs())


# --- appointments ------------------------------------------------------------------------------------------


def seat_of(request: HttpRequest, kwargs: dict[str, Any]) -> Seat:
    """The seat that somebody is appointed to."""
    _admit(request)
    return one(Seat.objects.select_related("term__memorandum"), kwargs["pk"])


@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """A head ends the appointment of one of its own two, or takes back one that has not begun (C1)."""
    seating = _seating(request, pk)
    is_coming = seating.period.isempty or seating.period.lower > today(request)
    row = "withdraw" if is_coming else "recall"
    return take(request, SEATING, seating, row, crumbs=lambda found: term_crumbs(found.seat.term))


@require_http_methods(["GET", "POST"])
def representative(request: HttpRequest, pk: int) -> HttpResponse:
    """The seated NGO names another person by letter (C2); its own people come from their home and return there."""
    seating = _seating(request, pk)
    inside = rules.reads_committee(person(request), today(request))
    return take(
        request,
        SEATING,
        seating,
        "replace",
        crumbs=lambda found: term_crumbs(found.seat.term) if inside else [],
        back=term_page(seating.seat.term) if inside else reverse("home"),
        creates=True,
    )


def _seating(request: HttpRequest, pk: int) -> Seating:
    rows = SEATING.visible(person(request), today(request))
    return one(rows.select_related(*SEATING.reads), pk)

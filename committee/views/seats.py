"""The committee's home with its five seats, terms, appointments and the memorandum (M6, C1)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.enums import TermState
from committee.models import Memorandum, Seat, Seating, Term
from committee.queries import running_term, seatings_of_term, sitting
from committee.views.seats_display import circle_of, open_work, seat_rows, seating_lines, term_facts
from committee.workflow.seats import SEATING
from committee.workflow.terms import NOT_FOR_YOU, TERM, term_page
from staff_portal.kernel.base.periods import last_day
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.models import User
from staff_portal.kernel.pages.requests import guard, moment, one, person, today
from staff_portal.kernel.pages.steps import step_actions, take
from staff_portal.kernel.pages.waiting import in_hands
from staff_portal.kernel.persian.digits import to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.trail.timeline import trail
from staff_portal.kernel.workflow.reading import Option

TITLE = "کمیته مشترک"
TERMS = Term.objects.select_related("memorandum", "proposed_by", "agreed_by", "chair_proposed_by")


def _admit(request: HttpRequest) -> tuple[User, date]:
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return me, on


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": TITLE, "url": reverse("committee:home")}, *more]


def term_crumbs(term: Term) -> list[dict[str, str]]:
    """The way to a term."""
    return _crumbs({"label": f"دوره {to_persian_digits(term.number)}", "url": term_page(term)})


def memorandum_crumbs(parent: None) -> list[dict[str, str]]:
    """The way to the memorandum."""
    return _crumbs({"label": "تفاهم‌نامه", "url": reverse("committee:memorandum")})


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
        "crumbs": _crumbs({"label": "تفاهم‌نامه"}),
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
    return take(request, TERM, found, "propose", crumbs=lambda memorandum: _crumbs())


@require_GET
def term_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A term: its seats with who sits and sat there, steps of the heads, history."""
    me, on = _admit(request)
    every = list(TERMS.all())
    term = next((row for row in every if row.pk == pk), None)
    if term is None:
        raise Http404
    at = moment(request)
    seatings = list(seatings_of_term(term))
    options = [option for option in TERM.options(term, me, at) if _is_shown(term, option)]
    rows = seat_rows(term, seatings, me, on, seated=sitting(on)) if term.state == TermState.OPEN else []
    context = {
        "page_title": str(term),
        "crumbs": _crumbs({"label": term_crumbs(term)[-1]["label"]}),
        "term": term,
        "terms": every if len(every) > 1 else [],
        "fact_items": term_facts(term),
        "seats": rows,
        "has_links": any(row["links"] for row in rows),
        "lines": seating_lines(seatings, on),
        "actions": step_actions(TERM, term, options),
        "holders": in_hands(term, me, on),
        "events": trail(term, me, on),
    }
    return render(request, "committee/seats/term.html", context)


def _is_shown(term: Term, option: Option) -> bool:
    """A chair is agreed to only when one is proposed; the other side's proposal is never this head's to withdraw."""
    if option.name == "agree_chair":
        return bool(term.proposed_chair_code)
    return option.name not in ("withdraw", "withdraw_chair") or option.allowed


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

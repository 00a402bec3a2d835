"""Nominees of a round: putting a member forward, and the page of one nominee for the NGO itself (C2)."""

from typing import Any

from django.contrib import messages
from django.db.models import Case, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import eligibility, rules
from committee.enums import RoundState
from committee.models import NominationRound, Nominee
from committee.operations import nominees
from committee.views.nominations import crumbs, round_of
from committee.workflow.nominees import ADD, NOMINEE, visible_nominees
from ngos.activity import active_q
from ngos.models import Ngo
from ngos.queries import visible_ngos
from staff_portal.kernel.base.refusals import NotPermitted
from staff_portal.kernel.base.roles import Role
from staff_portal.kernel.pages.questions import StepForm
from staff_portal.kernel.pages.requests import guard, moment, one, person, today
from staff_portal.kernel.pages.steps import take
from staff_portal.kernel.people import access
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali

PICKED = 12
NOT_FOR_YOU = "این صفحه برای سمن نامزد و کارشناسان ستاد سمن‌هاست."
READERS = (Role.HQ_EXPERT, Role.HQ_MANAGER, Role.AUDITOR, Role.NGO_USER)


# --- putting a member forward --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def nominee_add(request: HttpRequest, pk: int) -> HttpResponse:
    """First a member is searched for, with who is eligible and why not; then the reason is written."""
    nomination = round_of(request, pk)
    guard(rules.EDIT_NOMINEES, request, nomination)
    if nomination.state != RoundState.PREPARING and request.method == "GET":
        messages.error(request, nominees.PREPARED_ONLY)
        return redirect(nomination.get_absolute_url())
    key = natural(request.POST.get("ngo") or request.GET.get("ngo") or "")
    if key is None:
        return _pick(request, nomination)
    members = visible_ngos(person(request), today(request)).select_related("primary_field", "district")
    ngo = one(members, key)
    if request.method != "POST":
        return _put_forward(request, nomination, ngo, StepForm(ADD, nomination, today(request)), 200)
    return take(
        request,
        NOMINEE,
        nomination,
        "add",
        back=nomination.get_absolute_url(),
        draw=lambda form, status: _put_forward(request, nomination, ngo, form, status),
    )


def _pick(request: HttpRequest, nomination: NominationRound) -> HttpResponse:
    me, on = person(request), today(request)
    query = request.GET.get("q", "")
    members = visible_ngos(me, on).members().matching(query).select_related("primary_field", "district")
    active_first = Case(When(active_q(on), then=0), default=1)
    rows = list(members.prefetch_related("fields").order_by(active_first, "sort_key", "id")[: PICKED + 1])
    listed = set(nomination.nominees.values_list("ngo_id", flat=True))
    found = [
        {
            "ngo": ngo,
            "listed": ngo.pk in listed,
            "eligible": eligibility.is_eligible(findings),
            "reasons": [row.sentence for row in findings if not row.is_met],
        }
        for ngo, findings in nominees.look_at_candidates(rows[:PICKED], on)
    ]
    context = {
        "page_title": "افزودن نامزد",
        "crumbs": crumbs(nomination, {"label": "افزودن نامزد"}),
        "nomination": nomination,
        "q": query,
        "found": found,
        "more": len(rows) > PICKED,
    }
    partial = request.headers.get("HX-Request") == "true"
    name = "committee/nominations/pick_results.html" if partial else "committee/nominations/pick.html"
    return render(request, name, context)


def _put_forward(
    request: HttpRequest, nomination: NominationRound, ngo: Ngo, form: StepForm, status: int
) -> HttpResponse:
    findings = nominees.look_at_candidates([ngo], today(request))[0][1]
    context = {
        "page_title": f"نامزدکردن {ngo.name}",
        "crumbs": crumbs(nomination, {"label": "افزودن نامزد"}),
        "ngo": ngo,
        "findings": findings,
        "form": form,
        "submit_label": "نامزدکردن",
        "cancel_url": reverse("committee:nominee_add", args=[nomination.pk]),
        "draft_key": f"nominee-{nomination.pk}-{ngo.pk}",
    }
    return render(request, "committee/nominations/put_forward.html", context, status=status)


# --- the page of one nominee ---------------------------------------------------------------------------------


def _nominee(request: HttpRequest, pk: int) -> Nominee:
    """The nominee among those the person may see; another NGO's is a secret."""
    me, on = person(request), today(request)
    if not access.has_role(me, on, *READERS):
        raise NotPermitted(NOT_FOR_YOU)
    rows = visible_nominees(me, on).select_related(
        "round__seat__term", "round__chosen", "ngo__primary_field", "representative", "consent_by"
    )
    return one(rows.prefetch_related("ngo__fields"), pk)


def _way(request: HttpRequest, nominee: Nominee, *more: dict[str, str]) -> list[dict[str, str]]:
    if rules.reads_committee(person(request), today(request)):
        own = {"label": nominee.ngo.name}
        url = reverse("committee:nominee_detail", args=[nominee.pk])
        return crumbs(nominee.round, {**own, "url": url} if more else own, *more)
    return [{"label": "نامزدی در کمیته مشترک"}, *more]


def _back(request: HttpRequest, nominee: Nominee) -> str:
    """Where one returns to when the nominee may be gone: the round, or home for the NGO."""
    inside = rules.reads_committee(person(request), today(request))
    return nominee.round.get_absolute_url() if inside else reverse("home")


@require_GET
def nominee_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of the NGO, every criterion with what is found, consent and withdrawal."""
    nominee = _nominee(request, pk)
    on = today(request)
    looked = nominees.look_at([nominee], on)[0]
    running = nominee.round.state in rules.RUNNING_ROUNDS
    context = {
        "page_title": f"نامزدی {nominee.ngo.name}",
        "crumbs": _way(request, nominee),
        "nominee": nominee,
        "nomination": nominee.round,
        "is_preparing": nominee.round.state == RoundState.PREPARING,
        "was_chosen": nominee.round.chosen_id == nominee.pk,
        "running": running,
        "findings": looked.findings if running else [],
        "eligible": looked.is_eligible,
        "fact_items": _facts(nominee),
        "actions": _actions(request, nominee),
    }
    return render(request, "committee/nominations/nominee.html", context)


def _facts(nominee: Nominee) -> list[dict[str, Any]]:
    term = nominee.round.seat.term
    rows: list[dict[str, Any]] = [
        {"label": "کرسی", "value": f"سمن‌ها در کمیته مشترک، دوره {to_persian_digits(term.number)}"},
        {"label": "نامزد از", "value": format_jalali(nominee.added_at, "medium")},
        {"label": "دلیل معرفی", "value": nominee.why},
        {"label": "نماینده", "value": nominee.representative.full_name if nominee.representative else ""},
    ]
    if nominee.consented_on:
        rows.append({"label": "پذیرش", "value": format_jalali(nominee.consented_on, "medium")})
        if nominee.consent_reference:
            rows.append({"label": "نامه پذیرش", "value": nominee.consent_reference, "code": True})
        if nominee.consent_by:
            rows.append({"label": "ثبت‌کننده پذیرش", "value": nominee.consent_by.full_name})
    return rows


def _actions(request: HttpRequest, nominee: Nominee) -> list[dict[str, Any]]:
    """The steps of a nominee of a running round; each has an address of its own."""
    if nominee.round.state not in rules.RUNNING_ROUNDS:
        return []
    is_prepared, again = nominees.is_prepared(nominee.round), nominee.consented_on is not None
    me, at = person(request), moment(request)
    offered = {"consent": "nominee_consent", _withdrawal(nominee): "nominee_withdraw"}
    if is_prepared:
        offered["remove"] = "nominee_remove"
    rows = []
    for name, address in offered.items():
        option = NOMINEE.option(nominee, name, me, at)
        if option is not None:
            rows.append(
                {
                    "label": "تغییر نماینده" if again and name == "consent" else option.label,
                    "url": reverse(f"committee:{address}", args=[nominee.pk]),
                    "main": name == "consent" and option.allowed and not again,
                    "danger": option.row.tone == "danger",
                    "confirm": True,
                    "reasons": list(option.reasons),
                }
            )
    return rows


def _withdrawal(nominee: Nominee) -> str:
    """From a round being prepared the NGO leaves the list; an open one is void."""
    return "leave" if nominees.is_prepared(nominee.round) else "withdraw"


def _take(request: HttpRequest, nominee: Nominee, name: str, back: str = "") -> HttpResponse:
    own = _way(request, nominee, {"label": NOMINEE.rows[name].label})
    return take(request, NOMINEE, nominee, name, crumbs=lambda row: own[:-1], back=back)


@require_http_methods(["GET", "POST"])
def nominee_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The NGO consents and names its person; the expert does it by the NGO's letter."""
    return _take(request, _nominee(request, pk), "consent")


@require_http_methods(["GET", "POST"])
def nominee_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The NGO withdraws: from a round being prepared it leaves the list, an open one is void."""
    nominee = _nominee(request, pk)
    return _take(request, nominee, _withdrawal(nominee), _back(request, nominee))


@require_http_methods(["GET", "POST"])
def nominee_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """HQ's expert takes the NGO off the list while the round is prepared."""
    nominee = _nominee(request, pk)
    return _take(request, nominee, "remove", _back(request, nominee))

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
from committee.forms.nominations import ConsentForm, NomineeForm, RemoveForm, WithdrawForm
from committee.models import NominationRound, Nominee
from committee.operations import nominees
from committee.views.nominations import crumbs, round_of
from ngos.activity import active_q
from ngos.models import Ngo
from ngos.queries import visible_ngos
from staff_portal.kernel import access
from staff_portal.kernel.access import Authority
from staff_portal.kernel.models import User
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.roles import Role
from staff_portal.kernel.views.asking import attempt, guard, moment, one, person, today

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
    return _put_forward(request, nomination, one(members, key))


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


def _put_forward(request: HttpRequest, nomination: NominationRound, ngo: Ngo) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = NomineeForm(sent)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: nominees.add_nominee(
                nomination, actor=person(request), at=moment(request), ngo=ngo, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, f"«{ngo.name}» نامزد شد و از آن خواسته شد نامزدی را بپذیرد.")
            return redirect(nomination.get_absolute_url())
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
    return render(
        request, "committee/nominations/put_forward.html", context, status=422 if form.errors else 200
    )


# --- the page of one nominee ---------------------------------------------------------------------------------


def _nominee(request: HttpRequest, pk: int) -> Nominee:
    """The nominee among those the person may see; another NGO's is a secret."""
    me, on = person(request), today(request)
    if not access.has_role(me, on, *READERS):
        raise NotPermitted(NOT_FOR_YOU)
    mine = Nominee.objects.filter(rules.nominees_visible_to(me, on))
    rows = Nominee.objects.filter(pk__in=mine.values("pk")).select_related(
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
    me, on, state = person(request), today(request), nominee.round.state
    if state not in rules.RUNNING_ROUNDS:
        return []
    rows: list[dict[str, Any]] = []
    if rules.CONSENT.authority(me, nominee, on) is not None:
        again = nominee.consented_on is not None
        reasons = [] if state == RoundState.PREPARING else [nominees.PREPARED_ONLY]
        rows.append(
            {
                "label": "تغییر نماینده" if again else "پذیرش نامزدی",
                "url": reverse("committee:nominee_consent", args=[nominee.pk]),
                "main": not again,
                "confirm": True,
                "reasons": reasons,
            }
        )
    if rules.WITHDRAW_NOMINEE.authority(me, nominee, on) is not None:
        url = reverse("committee:nominee_withdraw", args=[nominee.pk])
        rows.append({"label": "انصراف از نامزدی", "url": url, "danger": True, "confirm": True})
    if rules.EDIT_NOMINEES.authority(me, nominee, on) is not None and state == RoundState.PREPARING:
        url = reverse("committee:nominee_remove", args=[nominee.pk])
        rows.append({"label": "برداشتن از فهرست", "url": url, "danger": True, "confirm": True})
    return rows


@require_http_methods(["GET", "POST"])
def nominee_consent(request: HttpRequest, pk: int) -> HttpResponse:
    """The NGO consents and names its person; the expert does it by the NGO's letter."""
    nominee = _nominee(request, pk)
    authority = guard(rules.CONSENT, request, nominee)
    people = list(nominees.may_represent(nominee.ngo, today(request)))
    form = ConsentForm(
        request.POST or None,
        people=people,
        by_letter=_by_letter(authority),
        initial={"representative": _first_choice(nominee, people, person(request))},
    )
    if request.method == "POST" and form.is_valid():
        chosen = next(user for user in people if str(user.pk) == form.cleaned_data["representative"])
        done = attempt(
            form,
            lambda: nominees.record_consent(
                nominee,
                actor=person(request),
                at=moment(request),
                representative=chosen,
                reference=form.cleaned_data.get("reference", ""),
            ),
        )
        if done is not None:
            messages.success(request, "پذیرش نامزدی ثبت شد.")
            return redirect("committee:nominee_detail", nominee.pk)
    intro = "با پذیرش، سمن برای کرسی سمن‌ها نامزد است و نماینده‌ای که برمی‌گزینید در کرسی می‌نشیند."
    return _form_page(request, nominee, form, "پذیرش نامزدی", "ثبت پذیرش", intro, people=people)


def _by_letter(authority: Authority) -> bool:
    return authority.role != Role.NGO_USER


def _first_choice(nominee: Nominee, people: list[User], me: User) -> str:
    if nominee.representative_id:
        return str(nominee.representative_id)
    return str(me.pk) if me in people else ""


@require_http_methods(["GET", "POST"])
def nominee_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """The NGO withdraws: from a round being prepared it leaves the list, an open one is void."""
    nominee = _nominee(request, pk)
    authority = guard(rules.WITHDRAW_NOMINEE, request, nominee)
    form = WithdrawForm(request.POST or None, by_letter=_by_letter(authority))
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: nominees.withdraw_nominee(
                nominee, actor=person(request), at=moment(request), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, "انصراف از نامزدی ثبت شد.")
            return redirect(_back(request, nominee))
    intro = (
        "رأی‌گیری باز است؛ با انصراف، این دور باطل می‌شود و دور تازه‌ای لازم است."
        if nominee.round.state == RoundState.OPEN
        else "با انصراف، سمن از فهرست نامزدها بیرون می‌رود."
    )
    return _form_page(request, nominee, form, "انصراف از نامزدی", "ثبت انصراف", intro, danger=True)


@require_http_methods(["GET", "POST"])
def nominee_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """HQ's expert takes the NGO off the list while the round is prepared."""
    nominee = _nominee(request, pk)
    guard(rules.EDIT_NOMINEES, request, nominee)
    form = RemoveForm(request.POST or None)
    back = _back(request, nominee)
    if request.method == "POST" and form.is_valid():

        def remove() -> bool:
            nominees.remove_nominee(
                nominee, actor=person(request), at=moment(request), note=form.cleaned_data["note"]
            )
            return True

        if attempt(form, remove) is not None:
            messages.success(request, "سمن از فهرست نامزدها برداشته شد.")
            return redirect(back)
    intro = "تنها تا پیش از نهایی‌شدن سه نامزد شدنی است."
    return _form_page(request, nominee, form, "برداشتن از فهرست", "برداشتن", intro, danger=True)


def _form_page(
    request: HttpRequest,
    nominee: Nominee,
    form: Any,
    title: str,
    submit: str,
    intro: str,
    *,
    people: list[User] | None = None,
    danger: bool = False,
) -> HttpResponse:
    submit_key = request.resolver_match.url_name if request.resolver_match else ""
    context = {
        "page_title": f"{title}: {nominee.ngo.name}",
        "crumbs": _way(request, nominee, {"label": title}),
        "form": form,
        "submit_label": submit,
        "danger": danger,
        "cancel_url": reverse("committee:nominee_detail", args=[nominee.pk]),
        "draft_key": f"nominee-{nominee.pk}-{submit_key}",
        "intro": intro,
        "nobody": people is not None and not people,
    }
    return render(request, "committee/nominations/form.html", context, status=422 if form.errors else 200)

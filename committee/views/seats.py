"""The committee's home with its five seats, terms, appointments and the memorandum (M6, C1)."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from committee import rules
from committee.default_clauses import DEFAULT_CLAUSES
from committee.enums import TermState
from committee.forms.seats import (
    AppointForm,
    MemorandumForm,
    RecallForm,
    RepresentativeForm,
    TermForm,
    WithdrawForm,
)
from committee.models import Memorandum, Seat, Seating, Term
from committee.operations import seats, terms
from committee.queries import running_term, seatings_of_term, sitting
from committee.views.seats_display import circle_of, open_work, seat_rows, seating_lines, term_facts
from committee.workflow.seats import TERM
from staff_portal.kernel import access
from staff_portal.kernel.models import User
from staff_portal.kernel.periods import last_day
from staff_portal.kernel.persian.digits import natural, to_persian_digits
from staff_portal.kernel.persian.jalali import format_jalali
from staff_portal.kernel.refusals import NotPermitted
from staff_portal.kernel.timeline import trail
from staff_portal.kernel.views.asking import attempt, guard, moment, one, person, today
from staff_portal.kernel.views.transitions import take_step, transition_actions
from staff_portal.kernel.workflow import Option

TITLE = "کمیته مشترک"
NOT_FOR_YOU = "کمیته مشترک برای نقش شما باز نیست."
SEAT_IS_THE_NGOS = (
    "کرسی از آن سمن است و تنها نماینده آن تغییر می‌کند؛ نماینده کنونی تا پایان امروز در کرسی است."
)
NOT_BEGUN = "این عضویت هنوز آغاز نشده است. اگر برای آن پایان عضویت شخص کنونی ثبت شده باشد، بر جای می‌ماند و او را می‌توان دوباره منصوب کرد."
NOBODY_ELSE = "این سمن نماینده دیگری در سامانه ندارد؛ نخست باید با معرفی‌نامه برای شخص تازه حساب ساخته شود."
TERMS = Term.objects.select_related("memorandum", "proposed_by", "agreed_by", "chair_proposed_by")


def _admit(request: HttpRequest) -> tuple[User, date]:
    me, on = person(request), today(request)
    if not rules.reads_committee(me, on):
        raise NotPermitted(NOT_FOR_YOU)
    return me, on


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [{"label": TITLE, "url": reverse("committee:home")}, *more]


def _term_crumb(term: Term) -> dict[str, str]:
    label = f"دوره {to_persian_digits(term.number)}"
    return {"label": label, "url": reverse("committee:term_detail", args=[term.pk])}


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


@require_http_methods(["GET", "POST"])
def memorandum_new(request: HttpRequest) -> HttpResponse:
    """Record the signed memorandum; a later one takes the place of the earlier."""
    guard(rules.RECORD_MEMORANDUM, request)
    form = MemorandumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: terms.record_memorandum(
                actor=person(request), at=moment(request), clauses=DEFAULT_CLAUSES, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, "تفاهم‌نامه ثبت شد.")
            return redirect("committee:memorandum")
    return _form_page(
        request,
        form,
        title="ثبت تفاهم‌نامه",
        submit="ثبت تفاهم‌نامه",
        back=reverse("committee:memorandum"),
        crumbs=_crumbs({"label": "تفاهم‌نامه", "url": reverse("committee:memorandum")}, {"label": "ثبت"}),
        draft_key="memorandum-new",
        intro="پس از ثبت تغییر نمی‌کند؛ شانزده بند آن همراهش ثبت می‌شود.",
    )


def _form_page(
    request: HttpRequest,
    form: Any,
    *,
    title: str,
    submit: str,
    back: str,
    crumbs: list[dict[str, str]],
    draft_key: str,
    intro: str = "",
) -> HttpResponse:
    context = {
        "page_title": title,
        "crumbs": crumbs,
        "form": form,
        "submit_label": submit,
        "cancel_url": back,
        "draft_key": draft_key,
        "intro": intro,
    }
    return render(request, "committee/seats/form.html", context, status=422 if form.errors else 200)


# --- terms -------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def term_new(request: HttpRequest) -> HttpResponse:
    """One head proposes a term; the other one opens it (C1)."""
    guard(rules.PROPOSE_TERM, request)
    found = Memorandum.objects.first()
    if found is None:
        messages.warning(request, "نخست تفاهم‌نامه را ثبت کنید؛ هر دوره به آن استناد می‌کند.")
        return redirect("committee:memorandum_new")
    form = TermForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: terms.propose_term(
                actor=person(request), at=moment(request), memorandum=found, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, "دوره پیشنهاد شد؛ رئیس طرف دیگر آن را می‌گشاید.")
            return redirect("committee:term_detail", made.pk)
    return _form_page(
        request,
        form,
        title="پیشنهاد دوره تازه",
        submit="پیشنهاد دوره",
        back=reverse("committee:home"),
        crumbs=_crumbs({"label": "دوره تازه"}),
        draft_key="term-new",
        intro="رئیس طرف دیگر دوره را می‌گشاید؛ سپس هر طرف دو نماینده خود را منصوب می‌کند.",
    )


def _term(request: HttpRequest, pk: int) -> Term:
    _admit(request)
    return one(TERMS.all(), pk)


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
        "crumbs": _crumbs({"label": _term_crumb(term)["label"]}),
        "term": term,
        "terms": every if len(every) > 1 else [],
        "fact_items": term_facts(term),
        "seats": rows,
        "has_links": any(row["links"] for row in rows),
        "lines": seating_lines(seatings, on),
        "actions": transition_actions(
            options, lambda name: reverse("committee:term_do", args=[term.pk, name])
        ),
        "events": trail(term, me, on),
    }
    return render(request, "committee/seats/term.html", context)


def _is_shown(term: Term, option: Option) -> bool:
    """A chair is agreed to only when one is proposed; the other side's proposal is never this head's to withdraw."""
    if option.name == "agree_chair":
        return bool(term.proposed_chair_code)
    return option.name != "withdraw" or option.allowed


@require_http_methods(["GET", "POST"])
def term_do(request: HttpRequest, pk: int, transition: str) -> HttpResponse:
    """One step of a term."""
    term = _term(request, pk)
    row = TERM.transitions.get(transition)
    back = reverse("committee:term_detail", args=[term.pk])
    return take_step(
        request,
        obj=term,
        workflow=TERM,
        name=transition,
        back_url=back,
        crumbs=_crumbs(_term_crumb(term), {"label": row.label if row else ""}),
    )


# --- appointments ------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """A head appoints one of its own two members (C1)."""
    _admit(request)
    seat = one(Seat.objects.select_related("term__memorandum"), pk)
    guard(rules.APPOINT, request, seat)
    people = seats.may_be_appointed(seat, today(request))
    form = AppointForm(
        request.POST or None,
        people=people,
        initial={"starts_on": max(seats.next_day(moment(request)), seat.term.starts_on)},
    )
    back = reverse("committee:term_detail", args=[seat.term_id])
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = next(user for user in people if str(user.pk) == data["person"])
        made = attempt(
            form,
            lambda: seats.appoint(
                seat,
                actor=person(request),
                at=moment(request),
                person=chosen,
                starts_on=data["starts_on"],
                reference=data["reference"],
            ),
        )
        if made is not None:
            messages.success(request, f"{chosen.full_name} منصوب شد و حکم آن صادر شد.")
            return redirect(back)
    current = next((row for row in sitting(today(request)) if row.seat_id == seat.pk), None)
    intro = "با ثبت انتصاب، حکم آن صادر می‌شود؛ عضویت از فردا یا پس از آن آغاز می‌شود."
    if current is not None:
        name = current.person.full_name
        intro = f"اکنون {name} در این کرسی است؛ عضویت او یک روز پیش از آغاز عضویت شخص تازه، و زودتر از همه در پایان امروز، پایان می‌یابد."
    label = "انتصاب" if current is None else "جایگزینی"
    return _form_page(
        request,
        form,
        title=f"{label} در «{seat.get_code_display()}»",
        submit="ثبت انتصاب",
        back=back,
        crumbs=_crumbs(_term_crumb(seat.term), {"label": label}),
        draft_key=f"appoint-{seat.pk}",
        intro=intro,
    )


def _seating(request: HttpRequest, pk: int) -> Seating:
    me, on = person(request), today(request)
    rows = Seating.objects.select_related("seat__term", "person", "ngo", "letter__number")
    if rules.reads_committee(me, on):
        return one(rows, pk)
    if access.has_role(me, on, "ngo_user"):
        return one(rows.filter(ngo__accounts__user=me, ngo__accounts__period__contains=on).distinct(), pk)
    raise NotPermitted(NOT_FOR_YOU)


@require_http_methods(["GET", "POST"])
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """A head ends the appointment of one of its own two, or takes back one that has not begun (C1)."""
    seating = _seating(request, pk)
    guard(rules.RECALL, request, seating)
    is_coming = seating.period.isempty or seating.period.lower > today(request)
    step: Any = seats.withdraw_appointment if is_coming else seats.recall
    label = "پس‌گرفتن انتصاب" if is_coming else "پایان عضویت"
    form = (
        WithdrawForm(request.POST or None)
        if is_coming
        else RecallForm(request.POST or None, initial={"last_day": today(request)})
    )
    back = reverse("committee:term_detail", args=[seating.seat.term_id])
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: step(seating, actor=person(request), at=moment(request), **form.cleaned_data)
        )
        if done is not None:
            messages.success(request, "انتصاب پس گرفته شد." if is_coming else "پایان عضویت ثبت شد.")
            return redirect(back)
    return _form_page(
        request,
        form,
        title=f"{label} {seating.person.full_name}",
        submit=label if is_coming else "ثبت پایان عضویت",
        back=back,
        crumbs=_crumbs(_term_crumb(seating.seat.term), {"label": label}),
        draft_key=f"recall-{seating.pk}",
        intro=NOT_BEGUN
        if is_coming
        else f"پس از آن روز، «{seating.get_seat_code_display()}» خالی است تا شخص دیگری منصوب شود.",
    )


@require_http_methods(["GET", "POST"])
def representative(request: HttpRequest, pk: int) -> HttpResponse:
    """The seated NGO names another person by letter (C2)."""
    seating = _seating(request, pk)
    guard(rules.REPLACE_REPRESENTATIVE, request, seating)
    on = today(request)
    people = list(
        User.objects.filter(
            ngo_accounts__ngo=seating.ngo_id, ngo_accounts__period__contains=on, is_active=True
        )
        .exclude(pk=seating.person_id)
        .distinct()
    )
    form = RepresentativeForm(request.POST or None, people=people)
    inside = rules.reads_committee(person(request), on)
    back = reverse("committee:term_detail", args=[seating.seat.term_id]) if inside else reverse("home")
    if request.method == "POST" and form.is_valid():
        chosen = next(user for user in people if user.pk == natural(form.cleaned_data["person"]))
        done = attempt(
            form,
            lambda: seats.replace_representative(
                seating,
                actor=person(request),
                at=moment(request),
                person=chosen,
                reference=form.cleaned_data["reference"],
            ),
        )
        if done is not None:
            messages.success(request, "نماینده تازه از فردا در کرسی است.")
            return redirect(back)
    return _form_page(
        request,
        form,
        title=f"نماینده تازه {seating.ngo}",
        submit="ثبت نماینده تازه",
        back=back,
        crumbs=_crumbs(_term_crumb(seating.seat.term), {"label": "نماینده تازه"}) if inside else [],
        draft_key=f"representative-{seating.pk}",
        intro=SEAT_IS_THE_NGOS if people else NOBODY_ELSE,
    )
